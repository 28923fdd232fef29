package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Who keeps whom alive, and what is left of one object when another has gone.
class ObjectModelTest {
    private static final int SLOT = 10;

    private static void makePrivate(KvmVm kvm, long gpa, long bytes) {
        kvm.vm.conversions().convert(gpa, bytes, MemoryKind.PRIVATE);
    }

    @DisplayName("3: a store keeps its VM alive; allocate and punch work after the VM is closed")
    @EachBacking
    void shouldUseAStoreWhoseVmIsClosed(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            makePrivate(kvm, GPA, LARGE);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            kvm.vcpu.close();
            kvm.vm.close();
            store.punchHole(0, LARGE);
            store.allocate(0, LARGE);
            assertEquals(LARGE, store.allocatedBytes());
            store.close();
            assertEquals(kvm.host.stats().total(), kvm.host.stats().free(), "all memory is back");
        }
    }

    @DisplayName("3: a slot does not keep its store; it stays, empty")
    @EachBacking
    void shouldFaultInAnEmptySlot(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            makePrivate(kvm, GPA, LARGE);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            store.close();
            VmExit exit = kvm.runToExit(cpu -> cpu.loadLong(GPA));
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
            assertEquals(Errno.EFAULT, exit.errno());
            assertEquals(1, kvm.vm.slots().list().size());
            assertEquals(Errno.EEXIST, errnoOf(() -> kvm.hostSlot(1, GPA, PAGE)), "an empty slot takes its place");
            kvm.vm.slots().delete(SLOT);
        }
    }

    @DisplayName("3: a page that was allocated is zeroed at its first use, once")
    @EachBacking
    void shouldKeepBytesOverASecondAllocation(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            makePrivate(kvm, GPA, LARGE);
            store.allocate(0, LARGE);
            kvm.run(cpu -> cpu.storeLong(GPA, 5));
            store.allocate(0, LARGE);
            kvm.run(cpu -> assertEquals(5, cpu.loadLong(GPA)));
        }
    }

    @DisplayName("4: attributes are not touched by slots that come and go")
    @EachBacking
    void shouldKeepTheKindsOverADelete(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            makePrivate(kvm, GPA, LARGE);
            kvm.vm.conversions().convert(GPA + PAGE, PAGE, MemoryKind.SHARED);
            kvm.vm.slots().delete(SLOT);
            kvm.vm.slots().create(Memslot.ofStore(SLOT + 1, GPA, LARGE, store, 0));
            assertEquals(MemoryKind.PRIVATE, kvm.vm.attributes().kind(GPA));
            assertEquals(MemoryKind.SHARED, kvm.vm.attributes().kind(GPA + PAGE));
            store.punchHole(0, LARGE);
            assertEquals(MemoryKind.SHARED, kvm.vm.attributes().kind(GPA + PAGE), "a hole changes no kind");
        }
    }

    @DisplayName("5.2 host memory that goes takes nothing private with it")
    @Test
    void shouldLeaveThePrivateHalfAloneWhenHostMemoryIsDiscardedOrUnmapped() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            GuestMemoryStore store = kvm.store(LARGE);
            HostMapping mapping = kvm.process.map(LARGE);
            kvm.vm.slots().create(new Memslot(SLOT, GPA, LARGE, java.util.Set.of(), mapping, 0, store, 0));
            makePrivate(kvm, GPA, PAGE);
            kvm.run(cpu -> {
                cpu.storeLong(GPA, 5);
                cpu.storeLong(GPA + PAGE, 6);
            });
            long pa = kvm.vm.inspect(GPA).pa();
            mapping.discard(0, LARGE);
            assertPrivateStays(kvm, pa);
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA + PAGE)));
            mapping.close();
            assertPrivateStays(kvm, pa);
            assertEquals(Errno.EFAULT, kvm.runToExit(cpu -> cpu.loadLong(GPA + PAGE)).errno());
        }
    }

    private static void assertPrivateStays(KvmVm kvm, long pa) {
        assertEquals(Signal.DENIED,
                assertThrows(HostAccessException.class, () -> kvm.host.physical().loadLong(pa)).signal());
        Long faults = kvm.vm.stats().vcpus().faults().get("fixed");
        kvm.run(cpu -> assertEquals(5, cpu.loadLong(GPA)));
        assertEquals(faults, kvm.vm.stats().vcpus().faults().get("fixed"), "the private page was not even taken away");
    }

    @DisplayName("one mapping under the slots of two VMs")
    @EachBacking
    void shouldShareHostMemoryBetweenTwoVms(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            var other = kvm.createVm("software-protected", java.util.List.of(backing.policy()));
            other.slots().create(Memslot.ofMapping(3, 0, LARGE, mapping, 0));
            try (var vcpu = other.createVcpu(0)) {
                kvm.run(cpu -> cpu.storeLong(GPA + 8, 9));
                vcpu.run(cpu -> {
                    assertEquals(9, cpu.loadLong(8));
                    cpu.storeLong(8, 10);
                }, exit -> org.enclosure.api.exit.ExitAction.STOP);
                assertEquals(10, mapping.loadLong(8));
                mapping.discard(0, LARGE);
                kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA + 8)));
                assertEquals(ExitReason.HALTED, vcpu.run(cpu -> assertEquals(0, cpu.loadLong(8)),
                        exit -> org.enclosure.api.exit.ExitAction.STOP).reason());
                mapping.close();
                assertEquals(Errno.EFAULT, kvm.runToExit(cpu -> cpu.loadLong(GPA)).errno());
                assertEquals(Errno.EFAULT,
                        vcpu.run(cpu -> cpu.loadLong(0), exit -> org.enclosure.api.exit.ExitAction.STOP).errno());
            }
            assertEquals(Errno.EBADF,
                    errnoOf(() -> other.slots().create(Memslot.ofMapping(4, GPA, LARGE, mapping, 0))));
        }
    }

    @DisplayName("host memory that another slot uses is not this slot's to discard")
    @Test
    void shouldKeepHostMemoryThatAnotherVmUsesOverAConversion() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT, "after=discard")) {
            HostMapping mapping = kvm.process.map(LARGE);
            GuestMemoryStore store = kvm.store(LARGE);
            kvm.vm.slots().create(new Memslot(SLOT, GPA, LARGE, java.util.Set.of(), mapping, 0, store, 0));
            mapping.storeLong(0, 7);
            makePrivate(kvm, GPA, LARGE);
            assertEquals(0, mapping.loadLong(0), "alone: the unused half goes back");
            kvm.vm.conversions().convert(GPA, LARGE, MemoryKind.SHARED);
            kvm.vm.slots().create(Memslot.ofMapping(SLOT + 1, 0, LARGE, mapping, 0));
            kvm.run(cpu -> cpu.storeLong(0, 8));
            makePrivate(kvm, GPA, LARGE);
            kvm.run(cpu -> assertEquals(8, cpu.loadLong(0), "the other slot still maps it"));
            assertTrue(mapping.loadLong(0) == 8);
        }
    }

    @DisplayName("2.3 closing a mapping of a store leaves the store")
    @Test
    void shouldKeepBytesOfAStoreOverItsMappings() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            try (HostMapping first = kvm.process.map(store, 0, LARGE)) {
                first.storeLong(0, 3);
            }
            try (HostMapping second = kvm.process.map(store, 0, LARGE)) {
                assertEquals(3, second.loadLong(0));
            }
        }
    }
}
