package org.enclosure.bench;

import java.util.Set;

import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.VmType;

/// Which plugins a JVM has executed before a benchmark. With the built-in one alone, the JVM knows one implementation of each
/// SPI interface and calls it directly; after others have run, the engine's calls into the SPI are calls of one of many.
final class Plugins {
    /// The built-in platform alone.
    static final String ONE = "1";
    /// Every architecture that is found.
    static final String ALL = "all";

    private static final long BYTES = 4L << 20;
    private static final long HOST_BYTES = 64L << 20;
    private static final int ROUNDS = 60;

    private Plugins() {
    }

    /// Executes every VM type of the plugins until the JVM has compiled the engine with them.
    ///
    /// @param plugins [#ONE] or [#ALL]
    static void prepare(GuestMemorySystem system, String plugins) {
        if (plugins.equals(ONE)) {
            return;
        }
        for (FoundArchitecture architecture : system.architectures()) {
            if (!architecture.builtIn()) {
                for (VmType type : architecture.provider().vmTypes()) {
                    exercise(system, architecture.id(), type.id());
                }
            }
        }
    }

    private static void exercise(GuestMemorySystem system, String architecture, String type) {
        try (Host host = system.openHost(HostOptions.of(architecture, HOST_BYTES))) {
            Vm vm = host.createVm(VmOptions.of(type));
            vm.slots().create(Memslot.ofStore(0, 0, BYTES, vm.createStore(BYTES, Set.of()), 0));
            vm.createVcpu(0).run(Plugins::convertAndTouch, exit -> ExitAction.RESUME);
        }
    }

    /// Memory is shared at the start, or private and not accepted yet; then taking it back is a mistake.
    private static void begin(GuestCpu cpu) {
        try {
            cpu.unshare(0, BYTES);
        } catch (GuestRefusedException isPrivate) {
            cpu.accept(0, BYTES);
        }
    }

    private static void convertAndTouch(GuestCpu cpu) {
        PageTouches touches = PageTouches.loads(0, BYTES, PageTouches.SMALL_STEP);
        begin(cpu);
        for (int round = 0; round < ROUNDS; round++) {
            touches.run(cpu);
            cpu.share(0, BYTES);
            cpu.unshare(0, BYTES);
        }
    }
}
