package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Protection;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// The host's side: what a VMM does to its mappings while slots use them.
@Timeout(60)
class HostSideTest {
    private static final int SLOT = 10;

    private static Signal signalOf(Executable access) {
        return assertThrows(HostAccessException.class, access).signal();
    }

    private static void assertFault(KvmVm kvm, GuestProgram guest) {
        VmExit exit = kvm.runToExit(guest);
        assertEquals(ExitReason.MEMORY_FAULT, exit.reason(), exit.toString());
        assertEquals(Errno.EFAULT, exit.errno());
    }

    /// A slot with both halves, the first page private.
    private static HostMapping bothHalves(KvmVm kvm) {
        HostMapping mapping = kvm.process.map(LARGE);
        kvm.vm.slots().create(new Memslot(SLOT, GPA, LARGE, Set.of(), mapping, 0, kvm.store(LARGE), 0));
        kvm.vm.conversions().convert(GPA, PAGE, MemoryKind.PRIVATE);
        return mapping;
    }

    // ---- protect --------------------------------------------------------------------------------------------------------

    @DisplayName("protect READ: guest and host read, a write is a fault, the bytes stay")
    @EachBacking
    void shouldForbidWritesOfHostAndGuest(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            kvm.run(cpu -> {
                cpu.storeLong(GPA + PAGE, 5);
                mapping.protect(PAGE, PAGE, Protection.READ);
                assertEquals(5, cpu.loadLong(GPA + PAGE));
                cpu.storeLong(GPA, 6);
                cpu.storeLong(GPA + 2 * PAGE, 7);
            });
            assertFault(kvm, cpu -> cpu.storeLong(GPA + PAGE, 8));
            assertEquals(5, mapping.loadLong(PAGE));
            assertEquals(Signal.SIGSEGV, signalOf(() -> mapping.storeLong(PAGE, 9)));
            assertEquals(Signal.SIGSEGV, signalOf(() -> mapping.storeLong(PAGE - 4, 9)), "nothing of it is written");
            assertEquals(0, mapping.loadLong(PAGE - 8));
            mapping.protect(0, LARGE, Protection.READ_WRITE);
            kvm.run(cpu -> cpu.storeLong(GPA + PAGE, 8));
            assertEquals(8, mapping.loadLong(PAGE));
        }
    }

    @DisplayName("protect NONE: nobody reaches the shared half; the private half stays")
    @Test
    void shouldForbidEverythingButThePrivateHalf() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            HostMapping mapping = bothHalves(kvm);
            kvm.run(cpu -> {
                cpu.storeLong(GPA, 1);
                cpu.storeLong(GPA + PAGE, 2);
                mapping.protect(0, LARGE, Protection.NONE);
                assertEquals(1, cpu.loadLong(GPA), "private");
            });
            assertFault(kvm, cpu -> cpu.loadLong(GPA + PAGE));
            assertEquals(Signal.SIGSEGV, signalOf(() -> mapping.loadLong(PAGE)));
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.pin(PAGE, PAGE, "GUP")));
            mapping.protect(PAGE, PAGE, Protection.READ_WRITE);
            kvm.run(cpu -> assertEquals(2, cpu.loadLong(GPA + PAGE)));
        }
    }

    // ---- unmap ----------------------------------------------------------------------------------------------------------

    @DisplayName("unmap a part: its memory goes back, the rest stays")
    @EachBacking
    void shouldUnmapAPart(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, 2 * LARGE);
            kvm.run(cpu -> {
                for (long at = 0; at < 2 * LARGE; at += PAGE) {
                    cpu.storeLong(GPA + at, at);
                }
            });
            long free = kvm.host.stats().free();
            mapping.unmap(LARGE, LARGE);
            assertTrue(kvm.host.stats().free() >= free + LARGE / PAGE);
            kvm.run(cpu -> assertEquals(PAGE, cpu.loadLong(GPA + PAGE)));
            assertFault(kvm, cpu -> cpu.loadLong(GPA + LARGE));
            assertEquals(Signal.SIGSEGV, signalOf(() -> mapping.loadLong(LARGE)));
            assertEquals(Errno.ENOMEM, errnoOf(() -> mapping.protect(0, 2 * LARGE, Protection.READ)));
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.populate(LARGE, PAGE)));
            mapping.close();
            assertEquals(Errno.EBADF, errnoOf(() -> mapping.unmap(0, PAGE)));
        }
    }

    @DisplayName("unmap of a store's mapping: the guest still has its pages")
    @Test
    void shouldLeaveTheStoreToTheGuest() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, LARGE);
            kvm.vm.slots().create(new Memslot(SLOT, GPA, LARGE, Set.of(), mapping, 0, store, 0));
            mapping.storeLong(PAGE, 3);
            mapping.unmap(0, LARGE);
            kvm.run(cpu -> assertEquals(3, cpu.loadLong(GPA + PAGE)));
            assertEquals(PAGE, store.allocatedBytes());
        }
    }

    // ---- populate, and who allocates ------------------------------------------------------------------------------------

    @DisplayName("populate: EFAULT for a private page, ENOMEM without frames")
    @Test
    void shouldPopulateWhatTheHostReaches() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, LARGE);
            mapping.populate(0, 8 * PAGE);
            assertEquals(8 * PAGE, store.allocatedBytes());
            store.convert(9 * PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.populate(8 * PAGE, 2 * PAGE)));
            assertEquals(9 * PAGE, store.allocatedBytes(), "pages before it stay");
            assertEquals(Errno.EINVAL, errnoOf(() -> mapping.populate(1, PAGE)));
            HostMapping big = kvm.process.map(KvmVm.GIB);
            assertEquals(Errno.ENOMEM, errnoOf(() -> big.populate(0, KvmVm.GIB)));
        }
    }

    @DisplayName("shared-alloc=touch: a stray touch pays for both halves")
    @Test
    void shouldAllocateTheOtherHalfByATouch() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT, "shared-alloc=touch")) {
            HostMapping mapping = bothHalves(kvm);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            long free = kvm.host.stats().free();
            assertEquals(0, mapping.loadLong(0));
            assertTrue(kvm.host.stats().free() < free, "the private page has a shared page beside it now");
        }
    }

    @DisplayName("shared-alloc=explicit: a touch is SIGBUS or a fault until the VMM populates")
    @Test
    void shouldAllocateTheSharedHalfByACallAlone() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT, "shared-alloc=explicit")) {
            HostMapping mapping = bothHalves(kvm);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            long free = kvm.host.stats().free();
            assertEquals(Signal.SIGBUS, signalOf(() -> mapping.loadLong(0)));
            assertEquals(Signal.SIGBUS, signalOf(() -> mapping.storeLong(PAGE, 1)));
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.pin(PAGE, PAGE, "GUP")));
            assertEquals(free, kvm.host.stats().free(), "nothing was allocated");
            assertFault(kvm, cpu -> cpu.loadLong(GPA + PAGE));
            VmExit exit = kvm.vcpu.run(cpu -> cpu.storeLong(GPA + PAGE, 4), fault -> {
                mapping.populate(fault.gpa() - GPA, fault.bytes());
                fault.setResult(0);
                return ExitAction.RESUME;
            });
            assertEquals(ExitReason.HALTED, exit.reason());
            assertEquals(4, mapping.loadLong(PAGE));
        }
        assertEquals(Errno.EINVAL, errnoOf(() -> KvmVm.of(KvmVm.Backing.IN_PLACE, "shared-alloc=explicit").close()));
    }

    // ---- fork -----------------------------------------------------------------------------------------------------------

    @DisplayName("fork: both have the pages, and keep them until the last mapping goes")
    @Test
    void shouldShareAnonymousMemoryOverAFork() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            mapping.storeLong(0, 1);
            mapping.protect(PAGE, PAGE, Protection.READ);
            HostAddressSpace child = kvm.process.duplicate();
            HostMapping copy = child.mappingAt(mapping.hva() + PAGE);
            assertEquals(mapping.hva(), copy.hva());
            assertEquals(1, copy.loadLong(0));
            copy.storeLong(0, 2);
            assertEquals(Signal.SIGSEGV, signalOf(() -> copy.storeLong(PAGE, 1)), "protection is inherited");
            kvm.run(cpu -> assertEquals(2, cpu.loadLong(GPA)));
            mapping.discard(0, PAGE);
            assertEquals(0, copy.loadLong(0));
            copy.storeLong(0, 3);
            mapping.close();
            assertEquals(3, copy.loadLong(0), "the child still has it");
            assertFault(kvm, cpu -> cpu.loadLong(GPA));
            assertEquals(Errno.EFAULT, errnoOf(() -> kvm.process.mappingAt(copy.hva())));
            kvm.vm.slots().delete(SLOT);
            kvm.vm.slots().create(Memslot.ofMapping(SLOT, GPA, LARGE, copy, 0));
            kvm.run(cpu -> assertEquals(3, cpu.loadLong(GPA)));
            child.close();
            assertFault(kvm, cpu -> cpu.loadLong(GPA));
        }
    }

    @DisplayName("fork: a page that becomes private is taken from the child too")
    @Test
    void shouldRevokeTheMappingsOfAForkedSpace() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, LARGE);
            HostMapping copy = kvm.process.duplicate().mappingAt(mapping.hva());
            copy.storeLong(PAGE, 1);
            store.convert(PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(Signal.SIGBUS, signalOf(() -> copy.loadLong(PAGE)));
            assertEquals(Signal.SIGBUS, signalOf(() -> copy.storeLong(PAGE, 2)));
            store.convert(PAGE, PAGE, MemoryKind.SHARED);
            assertEquals(1, copy.loadLong(PAGE));
        }
    }

    // ---- ends -----------------------------------------------------------------------------------------------------------

    @DisplayName("EBADF: what a closed store, address space or host is asked for")
    @Test
    void shouldRefuseEverythingAfterTheEnd() {
        Host host = GuestMemorySystem.builder().build().openHost(HostOptions.of("software", 64L << 20));
        GuestMemoryStore store = host.createVm(VmOptions.of("software-protected")).createStore(LARGE,
                Set.of(StoreFlag.MMAP));
        HostAddressSpace space = host.createAddressSpace();
        HostMapping mapping = space.map(LARGE);
        mapping.storeLong(0, 1);
        HostAddressSpace other = host.createAddressSpace();
        other.close();
        assertEquals(Errno.EBADF, errnoOf(() -> other.map(PAGE)));
        assertEquals(Errno.EBADF, errnoOf(() -> other.map(store, 0, PAGE)));
        assertEquals(Errno.EBADF, errnoOf(other::duplicate));
        store.close();
        assertEquals(Errno.EBADF, errnoOf(() -> space.map(store, 0, PAGE)));
        host.close();
        assertEquals(Errno.EBADF, errnoOf(() -> space.map(PAGE)));
        assertEquals(Errno.EBADF, errnoOf(space::duplicate));
        assertEquals(Errno.EBADF, errnoOf(host::trim));
        assertEquals(Errno.EBADF, errnoOf(host::createAddressSpace));
        assertEquals(Signal.SIGSEGV, signalOf(() -> mapping.loadLong(0)));
        assertEquals(64L << 20, host.stats().total() * PAGE, "counters stay");
    }
}
