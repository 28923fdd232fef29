package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.PoolStats;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Limits and accounting per store and per VM, and stores whose memory is set aside.
class LimitsTest {
    private static final int SLOT = 10;

    private static void bind(KvmVm kvm, GuestMemoryStore store) {
        kvm.vm.slots().create(Memslot.ofStore(SLOT, GPA, store.size(), store, 0));
        kvm.vm.conversions().convert(GPA, store.size(), MemoryKind.PRIVATE);
    }

    // ---- limits ---------------------------------------------------------------------------------------------------------

    @DisplayName("store limit: ENOMEM for allocate and for the guest, counted, shown; room again after a hole")
    @EachBacking
    void shouldRefuseMoreThanTheStoresLimit(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.vm.createStore(StoreOptions.of(LARGE).withLimit(3 * PAGE));
            bind(kvm, store);
            kvm.run(cpu -> {
                for (long page = 0; page < 3; page++) {
                    cpu.storeLong(GPA + page * PAGE, page);
                }
            });
            assertEquals(0, store.stats().refusals());
            VmExit exit = kvm.runToExit(cpu -> cpu.storeLong(GPA + 3 * PAGE, 1));
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
            assertEquals(Errno.ENOMEM, exit.errno());
            assertEquals(Errno.ENOMEM, errnoOf(() -> store.allocate(0, LARGE)));
            assertEquals(3 * PAGE, store.stats().allocatedBytes());
            assertEquals(3 * PAGE, store.stats().limitBytes());
            assertEquals(2, store.stats().refusals());
            store.punchHole(0, PAGE);
            kvm.run(cpu -> cpu.storeLong(GPA + 3 * PAGE, 1));
            assertEquals(3 * PAGE, store.stats().allocatedBytes());
        }
    }

    @DisplayName("VM limit: all its stores together")
    @Test
    void shouldRefuseMoreThanTheVmsLimit() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            Vm vm = kvm.host.createVm(VmOptions.of("software-protected").withMemoryLimit(LARGE + 2 * PAGE));
            GuestMemoryStore first = vm.createStore(LARGE, Set.of());
            GuestMemoryStore second = vm.createStore(StoreOptions.of(LARGE).withLimit(4 * PAGE));
            first.allocate(0, LARGE);
            second.allocate(0, 2 * PAGE);
            assertEquals(Errno.ENOMEM, errnoOf(() -> second.allocate(2 * PAGE, PAGE)));
            assertEquals(0, second.stats().refusals(), "it was not the store's own limit");
            assertEquals(1, vm.stats().memory().refusals());
            assertEquals(LARGE + 2 * PAGE, vm.stats().memory().allocatedBytes());
            assertEquals(LARGE + 2 * PAGE, vm.stats().memory().limitBytes());
            first.close();
            second.allocate(2 * PAGE, 2 * PAGE);
            assertEquals(Errno.ENOMEM, errnoOf(() -> second.allocate(4 * PAGE, PAGE)));
            assertEquals(1, second.stats().refusals());
        }
    }

    @DisplayName("limits that cannot be")
    @Test
    void shouldRefuseLimitsThatAreNoPages() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.createStore(StoreOptions.of(PAGE).withLimit(1))));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.createStore(StoreOptions.of(PAGE).withLimit(-PAGE))));
            assertEquals(Errno.EINVAL,
                    errnoOf(() -> kvm.host.createVm(VmOptions.of("default").withMemoryLimit(PAGE + 1))));
        }
    }

    @DisplayName("a conversion never allocates: a full store converts")
    @Test
    void shouldConvertAtTheLimit() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.vm
                    .createStore(StoreOptions.of(LARGE).with(StoreFlag.INIT_SHARED).withLimit(PAGE));
            bind(kvm, store);
            store.allocate(0, PAGE);
            store.convert(0, LARGE, MemoryKind.SHARED);
            store.convert(0, LARGE, MemoryKind.PRIVATE);
            assertEquals(0, store.stats().refusals());
        }
    }

    // ---- pools ----------------------------------------------------------------------------------------------------------

    @DisplayName("pool: a store takes its pages from it, whole, and gives them back")
    @EachBacking
    void shouldTakeWholePagesFromThePool(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            StoreOptions options = StoreOptions.of(4 * LARGE).with(StoreKind.HUGE_2M);
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.vm.createStore(options)), "the pool is empty");
            kvm.host.growPool(StoreKind.HUGE_2M, 5);
            GuestMemoryStore store = kvm.vm.createStore(options);
            assertEquals(new PoolStats(5, 5, 4), kvm.host.poolStats(StoreKind.HUGE_2M));
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.vm.createStore(options)), "it is set aside");
            bind(kvm, store);
            kvm.run(cpu -> cpu.storeLong(GPA + LARGE, 7));
            assertEquals(LARGE, store.allocatedBytes());
            assertEquals(4, kvm.host.poolStats(StoreKind.HUGE_2M).free());
            kvm.vm.conversions().convert(GPA + LARGE + PAGE, PAGE, MemoryKind.SHARED);
            kvm.run(cpu -> assertEquals(7, cpu.loadLong(GPA + LARGE)));
            store.punchHole(LARGE, PAGE);
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA + LARGE)));
            assertEquals(LARGE, store.allocatedBytes(), "a part gives nothing back");
            store.punchHole(LARGE - PAGE, LARGE + 2 * PAGE);
            assertEquals(0, store.allocatedBytes());
            assertEquals(5, kvm.host.poolStats(StoreKind.HUGE_2M).free(), "in one piece, though it was split");
            store.allocate(0, 4 * LARGE);
            kvm.vcpu.close();
            store.close();
            assertEquals(new PoolStats(5, 5, 0), kvm.host.poolStats(StoreKind.HUGE_2M));
        }
    }

    @DisplayName("pool: what is set aside is there when the host is full")
    @Test
    void shouldKeepItsPromiseWhenMemoryRunsOut() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            kvm.host.growPool(StoreKind.HUGE_2M, 2);
            GuestMemoryStore reserved = kvm.vm.createStore(StoreOptions.of(2 * LARGE).with(StoreKind.HUGE_2M));
            GuestMemoryStore greedy = kvm.store(KvmVm.GIB);
            assertEquals(Errno.ENOMEM, errnoOf(() -> greedy.allocate(0, KvmVm.GIB)));
            reserved.allocate(0, 2 * LARGE);
            assertEquals(2 * LARGE, reserved.allocatedBytes());
        }
    }

    @DisplayName("pool of 1G: one mapping, split at the two ends of what is converted, merged again, given back whole")
    @Test
    void shouldMapAGigabyteOfThePoolAndSplitItAtTheEndsAlone() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("software", 3 * KvmVm.GIB))) {
            host.growPool(StoreKind.HUGE_1G, 1);
            Vm vm = host.createVm(VmOptions.of("software-protected").with(PolicySet.defaults().with("page=1g")));
            GuestMemoryStore store = vm.createStore(StoreOptions.of(KvmVm.GIB).with(StoreKind.HUGE_1G));
            assertEquals(new PoolStats(1, 1, 1), host.poolStats(StoreKind.HUGE_1G));
            vm.slots().create(Memslot.ofStore(SLOT, KvmVm.GIB, KvmVm.GIB, store, 0));
            try (Vcpu vcpu = vm.createVcpu(0)) {
                touch(vcpu, 0, 7 * LARGE, KvmVm.GIB - PAGE);
                assertEquals(KvmVm.GIB, store.allocatedBytes());
                assertEquals(0, host.poolStats(StoreKind.HUGE_1G).free());
                assertMapped(vm, 0, 0, 1);
                // 2M and a page on either side: two blocks of 2M are cut, everything else keeps its size.
                vm.conversions().convert(KvmVm.GIB + 5 * LARGE - PAGE, LARGE + 2 * PAGE, MemoryKind.SHARED);
                touch(vcpu, 4 * LARGE, 6 * LARGE + PAGE, 7 * LARGE, KvmVm.GIB - PAGE);
                assertMapped(vm, 2, 2, 0);
                vm.conversions().convert(KvmVm.GIB + 5 * LARGE - PAGE, LARGE + 2 * PAGE, MemoryKind.PRIVATE);
                touch(vcpu, 0);
                assertMapped(vm, 0, 0, 1);
            }
            store.close();
            assertEquals(new PoolStats(1, 1, 0), host.poolStats(StoreKind.HUGE_1G));
        }
    }

    /// Writes, and reads what was written there before.
    private static void touch(Vcpu vcpu, long... offsets) {
        vcpu.run(cpu -> {
            for (long offset : offsets) {
                long found = cpu.loadLong(KvmVm.GIB + offset);
                assertTrue(found == 0 || found == ~offset, "at offset 0x" + Long.toHexString(offset));
                cpu.storeLong(KvmVm.GIB + offset, ~offset);
            }
        }, ExitHandler.POLICY);
    }

    private static void assertMapped(Vm vm, long small, long large, long huge) {
        VmStats stats = vm.stats();
        assertEquals(List.of(small, large, huge), List.of(stats.mapped4k(), stats.mapped2m(), stats.mapped1g()));
    }

    @DisplayName("pool of 1G: frames of the pool are the guest's at any gpa that is aligned in 2M only, by 2M then")
    @Test
    void shouldMapSmallerWhereTheSlotIsNotAligned() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("software", 3 * KvmVm.GIB))) {
            host.growPool(StoreKind.HUGE_1G, 1);
            Vm vm = host.createVm(VmOptions.of("software-protected").with(PolicySet.defaults().with("page=1g")));
            GuestMemoryStore store = vm.createStore(StoreOptions.of(KvmVm.GIB).with(StoreKind.HUGE_1G));
            vm.slots().create(Memslot.ofStore(SLOT, KvmVm.GIB + LARGE, KvmVm.GIB, store, 0));
            try (Vcpu vcpu = vm.createVcpu(0)) {
                touch(vcpu, LARGE);
                assertEquals(KvmVm.GIB, store.allocatedBytes());
                assertMapped(vm, 0, 1, 0);
            }
        }
    }

    @DisplayName("pool: sizes and kinds that cannot be")
    @Test
    void shouldRefuseSizesThatAreNoHugePages() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            assertEquals(Errno.EINVAL,
                    errnoOf(() -> kvm.vm.createStore(StoreOptions.of(LARGE + PAGE).with(StoreKind.HUGE_2M))));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.host.growPool(StoreKind.ORDINARY, 1)));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.host.growPool(StoreKind.HUGE_2M, -1)));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.host.poolStats(StoreKind.ORDINARY)));
            long free = kvm.host.stats().free();
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.host.growPool(StoreKind.HUGE_2M, 1000)));
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.host.growPool(StoreKind.HUGE_2M, Integer.MAX_VALUE)));
            assertEquals(free, kvm.host.stats().free(), "none is moved");
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.host.growPool(StoreKind.HUGE_1G, 1)));
        }
    }

    @DisplayName("pool: a page with failed memory leaves it")
    @Test
    void shouldTakeAFailedPageOutOfThePool() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            kvm.host.growPool(StoreKind.HUGE_2M, 1);
            GuestMemoryStore store = kvm.vm.createStore(StoreOptions.of(LARGE).with(StoreKind.HUGE_2M));
            bind(kvm, store);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            assertTrue(kvm.host.memoryFailure(kvm.vm.inspect(GPA + 5 * PAGE).pa()));
            assertEquals(1, store.stats().failedPages());
            store.punchHole(0, LARGE);
            assertEquals(0, kvm.host.poolStats(StoreKind.HUGE_2M).total());
            assertEquals(1, kvm.host.stats().quarantined());
            assertEquals(Errno.ENOMEM, errnoOf(() -> store.allocate(0, PAGE)), "the promise cannot be kept");
        }
    }

    @DisplayName("pool: a page with failed memory is lost to its store, and to no other")
    @Test
    void shouldNotTakeThePageOfAnotherStore() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            kvm.host.growPool(StoreKind.HUGE_2M, 2);
            StoreOptions options = StoreOptions.of(LARGE).with(StoreKind.HUGE_2M);
            GuestMemoryStore first = kvm.vm.createStore(options);
            GuestMemoryStore second = kvm.vm.createStore(options);
            bind(kvm, first);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            kvm.host.memoryFailure(kvm.vm.inspect(GPA).pa());
            first.punchHole(0, LARGE);
            assertEquals(new PoolStats(1, 1, 1), kvm.host.poolStats(StoreKind.HUGE_2M));
            assertEquals(Errno.ENOMEM, errnoOf(() -> first.allocate(0, PAGE)));
            second.allocate(0, PAGE);
            first.close();
            second.close();
            assertEquals(new PoolStats(1, 1, 0), kvm.host.poolStats(StoreKind.HUGE_2M));
        }
    }

    @DisplayName("pool: a free page whose memory fails is out of use at once")
    @Test
    void shouldDropAFreePageThatFails() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            kvm.host.growPool(StoreKind.HUGE_2M, 2);
            GuestMemoryStore store = kvm.vm.createStore(StoreOptions.of(LARGE).with(StoreKind.HUGE_2M));
            bind(kvm, store);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            long pa = kvm.vm.inspect(GPA).pa();
            store.punchHole(0, LARGE);
            assertFalse(kvm.host.memoryFailure(pa + 7 * PAGE));
            assertEquals(new PoolStats(1, 1, 1), kvm.host.poolStats(StoreKind.HUGE_2M));
            assertEquals(1, kvm.host.stats().quarantined());
            kvm.run(cpu -> cpu.storeLong(GPA, 2));
            assertNotEquals(pa, kvm.vm.inspect(GPA).pa());
        }
    }
}
