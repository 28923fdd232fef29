package org.enclosure.core.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.Test;

class HugePageTest {
    private static final long PAGE = 4096;
    private static final long LARGE = 2L << 20;
    private static final long HUGE = 1L << 30;

    @Test
    void shouldMapByTwoMegabytesAgainWhatIsOfOneKindAgain() {
        try (Guest guest = new Guest(64L << 20, 8L << 20, "page=2m")) {
            guest.touch(LARGE, LARGE + 7 * PAGE);
            guest.assertMapped(0, 1, 0);
            guest.convert(LARGE + 5 * PAGE, PAGE, MemoryKind.SHARED);
            guest.touch(LARGE, LARGE + 7 * PAGE);
            guest.assertMapped(2, 0, 0);
            guest.convert(LARGE + 5 * PAGE, PAGE, MemoryKind.PRIVATE);
            guest.check(LARGE + 7 * PAGE);
            guest.assertMapped(0, 1, 0);
            guest.check(LARGE);
            guest.assertMapped(0, 1, 0);
        }
    }

    @Test
    void shouldStayInSmallPagesWhileABlockIsMixed() {
        try (Guest guest = new Guest(64L << 20, 8L << 20, "page=2m")) {
            guest.touch(0);
            guest.convert(5 * PAGE, 2 * PAGE, MemoryKind.SHARED);
            guest.convert(5 * PAGE, PAGE, MemoryKind.PRIVATE);
            guest.check(0);
            guest.assertMapped(1, 0, 0);
        }
    }

    @Test
    void shouldMapAGigabyteAndSplitOnlyWhatAConversionCuts() {
        try (Guest guest = new Guest(3 * HUGE, 2 * HUGE, "page=1g")) {
            guest.touch(PAGE, HUGE - LARGE, HUGE + PAGE);
            guest.assertMapped(0, 0, 2);
            guest.convert(4 * LARGE + 3 * PAGE, PAGE, MemoryKind.SHARED);
            guest.check(PAGE);
            guest.touch(4 * LARGE);
            guest.assertMapped(1, 1, 1);
            guest.check(HUGE - LARGE);
            guest.assertMapped(1, 2, 1);
            guest.convert(4 * LARGE + 3 * PAGE, PAGE, MemoryKind.PRIVATE);
            guest.check(4 * LARGE);
            guest.assertMapped(0, 0, 2);
            guest.check(PAGE);
        }
    }

    @Test
    void shouldLeaveWhatIsMappedSmallAlreadyAsItIs() {
        try (Guest guest = new Guest(64L << 20, 8L << 20, "page=2m")) {
            long[] block = LongStream.range(0, 512).filter(page -> page != 5).map(page -> page * PAGE).toArray();
            guest.touch(0);
            guest.convert(5 * PAGE, PAGE, MemoryKind.SHARED);
            guest.touch(block);
            guest.assertMapped(511, 0, 0);
            guest.convert(7 * PAGE, PAGE, MemoryKind.SHARED);
            guest.assertMapped(510, 0, 0);
            guest.convert(9 * PAGE, 2 * PAGE, MemoryKind.SHARED);
            guest.assertMapped(508, 0, 0);
        }
    }

    @Test
    void shouldSplitTheTwoMegabytesAloneThatASecondConversionCuts() {
        try (Guest guest = new Guest(3 * HUGE, 2 * HUGE, "page=1g")) {
            guest.touch(0);
            guest.convert(5 * PAGE, PAGE, MemoryKind.SHARED);
            guest.touch(0, LARGE, 2 * LARGE, 3 * LARGE);
            guest.assertMapped(1, 3, 0);
            guest.convert(2 * LARGE + PAGE, PAGE, MemoryKind.SHARED);
            guest.assertMapped(1, 2, 0);
        }
    }

    @Test
    void shouldTakeSmallerPagesWhereTheHostHasNoHugeOnes() {
        try (Guest guest = new Guest(64L << 20, HUGE, "page=1g")) {
            guest.touch(0);
            guest.assertMapped(0, 1, 0);
        }
    }

    @Test
    void shouldMapBy4KWhenThePolicySaysSo() {
        try (Guest guest = new Guest(64L << 20, 8L << 20, "page=4k")) {
            guest.touch(0, PAGE);
            guest.assertMapped(2, 0, 0);
        }
    }

    @Test
    void shouldRefuseGigabytesWhereTheTypeHasNone() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("test", 64L << 20))) {
            VmOptions options = VmOptions.of("core-owned").with(PolicySet.defaults().with("page=1g"));
            GuestMemoryException refused = assertThrows(GuestMemoryException.class, () -> host.createVm(options));
            assertEquals(Errno.EINVAL, refused.errno());
            assertTrue(String.valueOf(refused.getMessage()).contains("policy page=1g is not legal"), refused::toString);
        }
    }

    /// A VM whose memory begins at gpa 0, all private, in one store.
    private static final class Guest implements AutoCloseable {
        private final GuestMemorySystem system = GuestMemorySystem.builder().build();
        private final Host host;
        private final Vm vm;
        private final Vcpu vcpu;

        Guest(long hostBytes, long bytes, String policy) {
            host = system.openHost(HostOptions.of("software", hostBytes));
            vm = host.createVm(VmOptions.of("software-protected").with(PolicySet.defaults().with(policy)));
            GuestMemoryStore store = vm.createStore(bytes, Set.of(StoreFlag.MMAP));
            vm.slots().create(
                    new Memslot(0, 0, bytes, Set.of(), host.createAddressSpace().map(store, 0, bytes), 0, store, 0));
            vm.conversions().convert(0, bytes, MemoryKind.PRIVATE);
            vcpu = vm.createVcpu(0);
        }

        /// Writes its own address at each.
        void touch(long... addresses) {
            vcpu.run(cpu -> {
                for (long address : addresses) {
                    cpu.storeLong(address, ~address);
                }
            }, ExitHandler.POLICY);
        }

        void check(long address) {
            vcpu.run(cpu -> assertEquals(~address, cpu.loadLong(address)), ExitHandler.POLICY);
        }

        void convert(long gpa, long bytes, MemoryKind kind) {
            vm.conversions().convert(gpa, bytes, kind);
        }

        void assertMapped(long small, long large, long huge) {
            VmStats stats = vm.stats();
            assertEquals(List.of(small, large, huge), List.of(stats.mapped4k(), stats.mapped2m(), stats.mapped1g()));
        }

        @Override
        public void close() {
            vm.close();
            host.close();
            system.close();
        }
    }
}
