package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What all [LazyMemory] of this process has committed, by what the operating system says.
public final class CommittedTables {
    private static final Path SMAPS = Path.of("/proc/self/smaps");

    private CommittedTables() {
    }

    /// Bytes; skips the test where they cannot be had.
    public static long bytes() {
        assumeTrue(Files.isReadable(SMAPS) && NativeCalls.givesBack(),
                "only Linux with native calls tells what a mapping has committed");
        try {
            return sum(Files.readString(SMAPS).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lazy memory is the only one without reservation (nr) and without huge pages (nh).
    private static long sum(Iterable<String> lines) {
        long total = 0;
        long rss = 0;
        for (String line : lines) {
            if (line.startsWith("Rss:")) {
                rss = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            } else if (line.startsWith("VmFlags:") && line.contains(" nr") && line.contains(" nh")) {
                total += rss;
            }
        }
        return total;
    }
}
