package org.enclosure.tck.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.api.vm.VmStats;
import org.enclosure.software.SoftwareProvider;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.testarch.TestProvider;
import org.junit.jupiter.api.Test;

/// How many table operations huge pages cost: one per folio, whatever its size, and a split at the ends of a change.
class TableOperationsTest {
    private static final long PAGE = 4096;
    private static final long LARGE = 2L << 20;
    private static final long HUGE = 1L << 30;

    /// A VM whose memory is one store of a size, all private.
    private static void with(ArchitectureProvider plugin, String type, long bytes, String page, Body body) {
        CountingProvider counted = new CountingProvider(plugin);
        try (TestHost host = new TestHost(Plugin.of(counted).withMemory(2 * bytes + (64L << 20)))) {
            Vm vm = host.host().createVm(VmOptions.of(type).with(PolicySet.defaults().with(page)));
            vm.slots().create(Memslot.ofStore(0, 0, bytes, vm.createStore(bytes, Set.of()), 0));
            try (Vcpu vcpu = vm.createVcpu(0)) {
                counted.takeCalls();
                body.run(vm, vcpu, counted);
            }
        }
    }

    private interface Body {
        void run(Vm vm, Vcpu vcpu, CountingProvider counted);
    }

    private static List<Long> mapped(Vm vm) {
        VmStats stats = vm.stats();
        return List.of(stats.mapped4k(), stats.mapped2m(), stats.mapped1g());
    }

    @Test
    void shouldTakeOneOperationForAGigabyte() {
        with(new SoftwareProvider(), "software-protected", HUGE, "page=1g", (vm, vcpu, counted) -> {
            assertEquals(0, vcpu.preFault(0, HUGE));
            assertEquals("map3 ", counted.takeCalls());
            assertEquals(List.of(0L, 0L, 1L), mapped(vm), "one entry");
            vm.conversions().convert(0, HUGE, MemoryKind.SHARED);
            assertEquals("block convert remove ", counted.takeCalls());
            assertEquals(0, vcpu.preFault(0, HUGE));
            assertEquals("map3 ", counted.takeCalls());
            assertEquals(List.of(0L, 0L, 1L), mapped(vm));
        });
    }

    @Test
    void shouldSplitAGigabyteOncePerLevelAndLeaveTheRestOfItHuge() {
        with(new SoftwareProvider(), "software-protected", HUGE, "page=1g", (vm, vcpu, counted) -> {
            vcpu.preFault(0, HUGE);
            counted.takeCalls();
            vm.conversions().convert(LARGE, PAGE, MemoryKind.SHARED);
            assertEquals("block resize2 resize1 block convert remove ", counted.takeCalls());
            assertEquals(0, vcpu.preFault(0, HUGE));
            assertEquals("map2 " + "map1 ".repeat(512) + "map2 ".repeat(510), counted.takeCalls());
            assertEquals(List.of(512L, 511L, 0L), mapped(vm));
            vm.conversions().convert(LARGE + PAGE, PAGE, MemoryKind.SHARED);
            assertEquals(List.of(511L, 511L, 0L), mapped(vm), "nothing but the page is taken away");
        });
    }

    @Test
    void shouldTakeOneOperationForTwoMegabytesOfABackend() {
        with(new TestProvider(), "backend-owned", LARGE, "page=2m", (vm, vcpu, counted) -> {
            assertEquals(0, vcpu.preFault(0, LARGE));
            assertEquals("map2 ", counted.takeCalls());
            vm.conversions().convert(0, LARGE, MemoryKind.SHARED);
            assertEquals("block convert remove ", counted.takeCalls());
        });
    }
}
