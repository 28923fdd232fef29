package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.slot.Memslots;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The error matrix: each row's number, and that an earlier check wins over a later one. The tables are in `docs/errors.md`.
class ErrorMatrixTest {
    private static final int SLOT = 10;
    private static final long WRAPPING = Long.MAX_VALUE & -PAGE;

    // ---- fallocate ------------------------------------------------------------------------------------------------------

    @DisplayName("2.2 fallocate: sign, then EFBIG, then alignment, then range")
    @Test
    void shouldCheckAnAllocationInTheOrderOfTheKernel() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(LARGE);
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(-PAGE, PAGE)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(0, 0)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(0, -PAGE)));
            assertEquals(Errno.EFBIG, errnoOf(() -> store.allocate(WRAPPING, 2 * PAGE)));
            assertEquals(Errno.EFBIG, errnoOf(() -> store.allocate(WRAPPING + 1, 2 * PAGE)), "before the alignment");
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(1, PAGE)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(0, PAGE + 1)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(LARGE - PAGE, 2 * PAGE)), "straddles the end");
            assertEquals(0, store.allocatedBytes(), "a refused call changes nothing");
        }
    }

    @DisplayName("2.2 fallocate PUNCH_HOLE")
    @Test
    void shouldCheckAHoleInTheOrderOfTheKernel() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(LARGE);
            store.allocate(0, LARGE);
            assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(-PAGE, PAGE)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(0, 0)));
            assertEquals(Errno.EFBIG, errnoOf(() -> store.punchHole(WRAPPING + 1, 2 * PAGE)));
            assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(1, PAGE)));
            assertEquals(LARGE, store.allocatedBytes());
            store.punchHole(LARGE - PAGE, 8 * PAGE);
            assertEquals(LARGE - PAGE, store.allocatedBytes(), "across the end is legal");
        }
    }

    @DisplayName("2.2 fallocate interrupted: EINTR, pages so far stay")
    @Test
    void shouldStopAnAllocationOfAnInterruptedThread() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(LARGE);
            Thread.currentThread().interrupt();
            assertEquals(Errno.EINTR, errnoOf(() -> store.allocate(0, LARGE)));
            assertTrue(Thread.interrupted(), "the signal is still pending");
            store.allocate(0, LARGE);
        }
    }

    @DisplayName("2.2 fallocate: ENOMEM, pages so far stay")
    @Test
    void shouldKeepWhatWasAllocatedBeforeMemoryRanOut() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(KvmVm.GIB);
            assertEquals(Errno.ENOMEM, errnoOf(() -> store.allocate(0, KvmVm.GIB)));
            assertTrue(store.allocatedBytes() > 0);
            store.punchHole(0, KvmVm.GIB);
            store.allocate(0, LARGE);
        }
    }

    @DisplayName("alloc=prealloc: a slot that cannot be filled is not created, and its store has the pages that it had")
    @EachBacking
    void shouldCreateNoSlotThatCannotBeFilled(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing, "alloc=prealloc")) {
            GuestMemoryStore store = kvm.store(KvmVm.GIB);
            store.allocate(LARGE, PAGE);
            long free = kvm.host.stats().free();
            Memslot slot = Memslot.ofStore(SLOT, GPA, KvmVm.GIB, store, 0);
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.vm.slots().create(slot)));
            assertEquals(List.of(), kvm.vm.slots().list());
            assertEquals(PAGE, store.allocatedBytes());
            assertEquals(free, kvm.host.stats().free());
        }
    }

    // ---- mmap -----------------------------------------------------------------------------------------------------------

    @DisplayName("2.3 mmap: a hole leaves the mapping, a closed store raises SIGBUS")
    @Test
    void shouldKeepAMappingUsableOverAHole() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, LARGE);
            mapping.storeLong(8, 1);
            store.punchHole(0, LARGE);
            assertEquals(0, mapping.loadLong(8));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.process.map(store, 1, PAGE)));
        }
    }

    // ---- KVM_SET_USER_MEMORY_REGION2 ------------------------------------------------------------------------------------

    @DisplayName("2.4 (1) flags come first")
    @EachBacking
    void shouldCheckFlagsBeforeEverythingElse(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.store(LARGE);
            Memslot wrong = Memslot.ofStore(-1, 1, 1, store, 1).with(MemslotFlag.READONLY);
            assertTrue(KvmVm.refusalOf(() -> kvm.vm.slots().set(wrong)).toString().contains("flags"));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().set(wrong)));
        }
    }

    @DisplayName("2.4 (2) shape, each of them EINVAL, before the overlap")
    @EachBacking
    void shouldCheckTheShapeBeforeTheOverlap(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping there = kvm.hostSlot(0, GPA, LARGE);
            for (Memslot wrong : List.of(Memslot.ofMapping(1, GPA, LARGE + 1, there, 0),
                    Memslot.ofMapping(1, GPA + 1, LARGE, there, 0), Memslot.ofMapping(1, GPA, LARGE, there, 1),
                    Memslot.ofMapping(-1, GPA, LARGE, there, 0),
                    Memslot.ofMapping(Memslots.MAX_SLOTS, GPA, LARGE, there, 0),
                    Memslot.ofMapping(1, -PAGE, LARGE, there, 0), Memslot.ofMapping(1, GPA, -LARGE, there, 0),
                    Memslot.ofMapping(1, WRAPPING, 2 * PAGE, there, 0),
                    Memslot.ofMapping(1, 0, (1L << 31) * PAGE, there, 0),
                    Memslot.ofStore(1, GPA, LARGE, kvm.store(LARGE), 1),
                    Memslot.ofStore(1, GPA, LARGE, kvm.store(LARGE), -PAGE))) {
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().set(wrong)), wrong.toString());
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().create(wrong)), wrong.toString());
            }
            assertEquals(1, kvm.vm.slots().list().size());
        }
    }

    @DisplayName("2.4 (3) delete: only the id counts, EINVAL if there is none")
    @EachBacking
    void shouldDeleteByALengthOfZero(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            Memslot delete = new Memslot(SLOT, GPA, 0, Set.of(), null, 0, null, 0);
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().set(delete)));
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            kvm.vm.slots().set(delete);
            kvm.vm.slots().create(Memslot.ofStore(SLOT, GPA, LARGE, store, 0));
            GuestMemoryStore closed = kvm.store(LARGE);
            closed.close();
            kvm.vm.slots().set(Memslot.ofStore(SLOT, 0, 0, closed, 0));
            assertEquals(List.of(), kvm.vm.slots().list(), "the store of a delete is not looked at");
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().delete(SLOT)));
        }
    }

    @DisplayName("2.4 (4) a slot that is there: what may change, before the overlap")
    @EachBacking
    void shouldLetOnlyTheAddressOfHostMemoryChange(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            kvm.hostSlot(1, 0, LARGE);
            GuestMemoryStore store = kvm.storeSlot(2, 2 * GPA, LARGE);
            Memslot same = Memslot.ofMapping(SLOT, GPA, LARGE, mapping, 0);
            long generation = kvm.vm.slots().generation();
            kvm.vm.slots().set(same);
            assertEquals(generation, kvm.vm.slots().generation(), "the same slot again is no change");
            for (Memslot wrong : List.of(Memslot.ofStore(SLOT, 0, LARGE, kvm.store(LARGE), 0),
                    Memslot.ofMapping(SLOT, 0, LARGE, kvm.process.map(LARGE), 0),
                    Memslot.ofMapping(SLOT, 0, LARGE - PAGE, mapping, PAGE),
                    Memslot.ofMapping(SLOT, 0, LARGE - PAGE, mapping, 0), same.with(MemslotFlag.READONLY),
                    Memslot.ofStore(2, 2 * GPA, LARGE, store, 0), Memslot.ofStore(2, 0, LARGE, store, 0),
                    Memslot.ofMapping(2, 2 * GPA, LARGE, mapping, 0))) {
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().set(wrong)), wrong.toString());
            }
            assertEquals(Errno.EEXIST,
                    errnoOf(() -> kvm.vm.slots().set(Memslot.ofMapping(SLOT, PAGE, LARGE, mapping, 0))));
            kvm.vm.slots().set(Memslot.ofMapping(SLOT, GPA + PAGE, LARGE, mapping, 0));
            assertEquals(GPA + PAGE, kvm.vm.slots().list().get(1).gpa(), "a slot may overlap the place that it leaves");
        }
    }

    @DisplayName("2.4 (5) EEXIST before anything about the store")
    @EachBacking
    void shouldCheckTheOverlapBeforeTheStore(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            kvm.hostSlot(1, GPA, LARGE);
            GuestMemoryStore closed = kvm.store(LARGE);
            closed.close();
            assertEquals(Errno.EEXIST, errnoOf(() -> kvm.vm.slots().set(Memslot.ofStore(2, GPA, LARGE, closed, 0))));
            assertEquals(Errno.EBADF, errnoOf(() -> kvm.vm.slots().set(Memslot.ofStore(2, 0, LARGE, closed, 0))));
            GuestMemoryStore small = kvm.store(PAGE);
            assertEquals(Errno.EEXIST, errnoOf(() -> kvm.vm.slots().set(Memslot.ofStore(2, GPA, LARGE, small, 0))));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.slots().set(Memslot.ofStore(2, 0, LARGE, small, 0))));
        }
    }

    @DisplayName("2.4 (7) two disjoint ranges of one store in two slots; again after a delete")
    @EachBacking
    void shouldBindDisjointRangesAndBindAgain(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.store(2 * LARGE);
            kvm.vm.slots().set(Memslot.ofStore(1, GPA, LARGE, store, LARGE));
            kvm.vm.slots().set(Memslot.ofStore(2, 0, LARGE, store, 0));
            kvm.vm.slots().delete(1);
            kvm.vm.slots().set(Memslot.ofStore(3, 2 * GPA, LARGE, store, LARGE));
            assertEquals(2, kvm.vm.slots().list().size());
        }
    }

    // ---- attributes -----------------------------------------------------------------------------------------------------

    @DisplayName("2.5, 2.6 the shape of a range")
    @EachBacking
    void shouldRefuseRangesThatCannotBe(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE, StoreFlag.INIT_SHARED);
            // Where the call is not there, nobody looks at its arguments.
            Errno onStore = backing == KvmVm.Backing.SPLIT ? Errno.ENOTTY : Errno.EINVAL;
            long[][] wrong = {{0, 0}, {0, -PAGE}, {1, PAGE}, {0, PAGE + 1}, {WRAPPING, 2 * PAGE}};
            for (long[] range : wrong) {
                assertEquals(Errno.EINVAL,
                        errnoOf(() -> kvm.vm.conversions().convert(range[0], range[1], MemoryKind.PRIVATE)));
                assertEquals(onStore, errnoOf(() -> store.convert(range[0], range[1], MemoryKind.PRIVATE)));
            }
            assertEquals(onStore, errnoOf(() -> store.convert(0, LARGE + PAGE, MemoryKind.PRIVATE)));
        }
    }

    @DisplayName("2.6 ENOTTY on the store where the VM keeps the kinds")
    @Test
    void shouldAnswerEnottyWhereTheStoreDoesNotKeepTheKinds() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            assertEquals(Errno.ENOTTY, errnoOf(() -> kvm.store(LARGE).convert(0, LARGE, MemoryKind.PRIVATE)));
        }
    }

    @DisplayName("2.6 EAGAIN with the offset of the first page that is held")
    @ParameterizedTest(name = "{displayName}: page {0}")
    @ValueSource(ints = {0, 1, 3})
    void shouldSayWhichPageIsHeldAndByWhom(int page) {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.store(4 * PAGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, 4 * PAGE);
            try (var pin = mapping.pin(page * PAGE, PAGE, "vfio")) {
                var refusal = KvmVm.refusalOf(() -> store.convert(0, 4 * PAGE, MemoryKind.PRIVATE));
                assertEquals(Errno.EAGAIN, refusal.errno());
                assertEquals(page * PAGE, refusal.errorOffset());
                assertEquals(List.of(pin.holder()), refusal.holders());
                assertEquals(MemoryKind.SHARED, store.kind(0), "nothing is converted");
            }
            store.convert(0, 4 * PAGE, MemoryKind.PRIVATE);
        }
    }
}
