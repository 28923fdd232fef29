package org.enclosure.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.enclosure.core.mem.AccessOrder;

/// What a suite ran on.
///
/// @param processor the processor's name
/// @param processors how many there are
/// @param java the JVM
/// @param order the order of accesses
/// @param forks JVMs per figure
/// @param loadBefore the machine's load average over a minute before the suite; negative if unknown
/// @param loadAfter the same afterwards
public record MachineReport(String processor, int processors, String java, String order, int forks, double loadBefore,
        double loadAfter) {
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    static MachineReport of(int forks, double loadBefore) {
        return new MachineReport(processorName(), Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name") + " " + Runtime.version(), AccessOrder.describe(), forks, loadBefore,
                load());
    }

    /// Whether other work kept the processors busy, so that figures are worse than they could be.
    public boolean isBusy() {
        return loadBefore > processors / 2.0;
    }

    static double load() {
        for (String line : lines(LOAD)) {
            return Double.parseDouble(line.substring(0, line.indexOf(' ')));
        }
        return -1;
    }

    private static String processorName() {
        for (String line : lines(PROCESSORS)) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return System.getProperty("os.arch", "unknown");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // another operating system
        }
    }
}
