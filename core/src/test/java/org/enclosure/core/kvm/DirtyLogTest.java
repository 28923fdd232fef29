package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.dirty.DirtyLog;
import org.enclosure.api.dirty.DirtyRing;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.slot.Memslots;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The error numbers and the modes of the dirty log; the cases with a guest that writes all the time are elsewhere.
class DirtyLogTest {
    private static final int SLOT = 10;
    private static final long PAGES = LARGE / PAGE + 3;
    private static final int WORDS = 9;

    private static Memslot logging(HostMapping mapping) {
        return Memslot.ofMapping(SLOT, GPA, PAGES * PAGE, mapping, 0).with(MemslotFlag.LOG_DIRTY);
    }

    private static HostMapping logSlot(KvmVm kvm) {
        HostMapping mapping = kvm.process.map(PAGES * PAGE);
        kvm.vm.slots().create(logging(mapping));
        return mapping;
    }

    private static void write(KvmVm kvm, long... pages) {
        assertEquals(ExitReason.HALTED, kvm.run(cpu -> {
            for (long page : pages) {
                cpu.storeLong(GPA + page * PAGE, cpu.loadLong(GPA + page * PAGE) + 1);
            }
        }).reason());
    }

    private static List<Long> get(KvmVm kvm) {
        long[] bitmap = new long[WORDS];
        kvm.vm.dirtyLog().get(SLOT, bitmap);
        return pagesOf(bitmap);
    }

    private static List<Long> pagesOf(long[] bitmap) {
        List<Long> pages = new ArrayList<>();
        for (long page = 0; page < bitmap.length * 64L; page++) {
            if ((bitmap[(int) (page >>> 6)] & 1L << page) != 0) {
                pages.add(page);
            }
        }
        return pages;
    }

    // ---- 2.8 GET and CLEAR ----------------------------------------------------------------------------------------------

    @DisplayName("2.8 GET: EINVAL, ENOENT, EFAULT")
    @EachBacking
    void shouldRefuseToGetALogThatIsNotThere(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            logSlot(kvm);
            kvm.hostSlot(1, 0, LARGE);
            kvm.storeSlot(2, 2 * GPA, LARGE);
            DirtyLog log = kvm.vm.dirtyLog();
            assertEquals(Errno.EINVAL, errnoOf(() -> log.get(-1, new long[WORDS])));
            assertEquals(Errno.EINVAL, errnoOf(() -> log.get(Memslots.MAX_SLOTS, new long[WORDS])));
            assertEquals(Errno.ENOENT, errnoOf(() -> log.get(3, new long[WORDS])), "no slot");
            assertEquals(Errno.ENOENT, errnoOf(() -> log.get(1, new long[WORDS])), "it does not log");
            assertEquals(Errno.ENOENT, errnoOf(() -> log.get(2, new long[WORDS])), "a slot with a store never logs");
            assertEquals(Errno.EFAULT, errnoOf(() -> log.get(SLOT, new long[WORDS - 1])));
            assertEquals(Errno.ENXIO, errnoOf(() -> log.ring(0)));
            assertEquals(Errno.ENXIO, errnoOf(log::resetRings));
        }
    }

    @DisplayName("2.8 CLEAR: EINVAL for ranges")
    @Test
    void shouldRefuseToClearARangeThatIsNotOneOf64Pages() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            logSlot(kvm);
            DirtyLog log = kvm.vm.dirtyLog();
            assertEquals(Errno.EINVAL, errnoOf(() -> log.clear(SLOT, 1, 64, new long[1])));
            assertEquals(Errno.EINVAL, errnoOf(() -> log.clear(5, 63, 64, new long[1])),
                    "before the slot is looked for");
            assertEquals(Errno.ENOENT, errnoOf(() -> log.clear(5, 64, 64, new long[1])));
            assertEquals(Errno.EINVAL, errnoOf(() -> log.clear(SLOT, 64, 65, new long[2])));
            assertEquals(Errno.EINVAL, errnoOf(() -> log.clear(SLOT, 512, 64, new long[2])), "past the end");
            assertEquals(Errno.EINVAL, errnoOf(() -> log.clear(SLOT, 1024, 64, new long[2])));
            assertEquals(Errno.EFAULT, errnoOf(() -> log.clear(SLOT, 0, 128, new long[1])));
            log.clear(SLOT, 512, 3, new long[1]);
            log.clear(SLOT, 0, PAGES, new long[WORDS]);
        }
    }

    @DisplayName("2.8 GET reports each written page once and starts it anew")
    @EachBacking
    void shouldReportWrittenPagesOnce(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            logSlot(kvm);
            write(kvm, 0, 5, 64, PAGES - 1);
            assertEquals(List.of(0L, 5L, 64L, PAGES - 1), get(kvm));
            assertEquals(List.of(), get(kvm));
            write(kvm, 5);
            assertEquals(List.of(5L), get(kvm), "a page that is in the TLB for writing is reported again");
            kvm.run(cpu -> cpu.loadLong(GPA));
            assertEquals(List.of(), get(kvm), "reads are no writes");
        }
    }

    @DisplayName("flags: logging begins and ends while the guest has the pages mapped for writing")
    @Test
    void shouldLogFromTheMomentThatTheFlagIsSet() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, PAGES * PAGE);
            write(kvm, 1, 2, 3);
            kvm.run(cpu -> {
                cpu.storeLong(GPA + 2 * PAGE, 1);
                kvm.vm.slots().set(logging(mapping));
                cpu.storeLong(GPA + 2 * PAGE, 2);
            });
            assertEquals(List.of(2L), get(kvm));
            kvm.vm.slots().set(Memslot.ofMapping(SLOT, GPA, PAGES * PAGE, mapping, 0));
            assertEquals(Errno.ENOENT, errnoOf(() -> get(kvm)));
            write(kvm, 1);
            kvm.vm.slots().set(logging(mapping));
            assertEquals(List.of(), get(kvm));
        }
    }

    @DisplayName("a logging slot that moves keeps its log")
    @Test
    void shouldKeepTheLogOverAMove() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = logSlot(kvm);
            write(kvm, 7);
            kvm.vm.slots().set(Memslot.ofMapping(SLOT, 0, PAGES * PAGE, mapping, 0).with(MemslotFlag.LOG_DIRTY));
            assertEquals(List.of(7L), get(kvm));
        }
    }

    @DisplayName("a slot that moves and begins to log in one call logs")
    @Test
    void shouldBeginToLogWithAMove() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, PAGES * PAGE);
            kvm.vm.slots().set(Memslot.ofMapping(SLOT, 0, PAGES * PAGE, mapping, 0).with(MemslotFlag.LOG_DIRTY));
            kvm.run(cpu -> cpu.storeLong(7 * PAGE, 1));
            assertEquals(List.of(7L), get(kvm));
        }
    }

    @DisplayName("manual protect: GET reads, CLEAR starts anew what it is given")
    @Test
    void shouldClearOnlyWhatIsAskedForInManualMode() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            kvm.vm.dirtyLog().enableManualProtect(false);
            logSlot(kvm);
            write(kvm, 0, 1, 65);
            assertEquals(List.of(0L, 1L, 65L), get(kvm));
            assertEquals(List.of(0L, 1L, 65L), get(kvm), "a read changes nothing");
            long[] bits = {-1L << 1};
            kvm.vm.dirtyLog().clear(SLOT, 0, 64, bits);
            assertArrayEquals(new long[] {2}, bits, "what was set in both");
            assertEquals(List.of(0L, 65L), get(kvm));
            write(kvm, 1);
            assertEquals(List.of(0L, 1L, 65L), get(kvm));
        }
    }

    @DisplayName("manual protect, INITIALLY_SET: all pages count as written")
    @Test
    void shouldBeginWithAllPagesWritten() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            kvm.vm.dirtyLog().enableManualProtect(true);
            logSlot(kvm);
            assertEquals(PAGES, get(kvm).size());
            long[] all = new long[WORDS];
            kvm.vm.dirtyLog().get(SLOT, all);
            kvm.vm.dirtyLog().clear(SLOT, 0, PAGES, all);
            write(kvm, 9);
            assertEquals(List.of(9L), get(kvm));
        }
    }

    @DisplayName("what is copied page by page as reported is the memory")
    @Test
    void shouldKeepLogAndContentTogetherOverARunOfWrites() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = logSlot(kvm);
            long[] copy = new long[(int) PAGES];
            kvm.run(cpu -> {
                for (int round = 1; round < 200; round++) {
                    long page = round * 37L % PAGES;
                    cpu.storeLong(GPA + page * PAGE, round);
                    if (round % 10 == 0) {
                        get(kvm).forEach(at -> copy[at.intValue()] = mapping.loadLong(at * PAGE));
                    }
                }
            });
            get(kvm).forEach(at -> copy[at.intValue()] = mapping.loadLong(at * PAGE));
            for (long page = 0; page < PAGES; page++) {
                assertEquals(mapping.loadLong(page * PAGE), copy[(int) page], "page " + page);
            }
        }
    }

    // ---- the ring -------------------------------------------------------------------------------------------------------

    @DisplayName("2.8 ring sizes: EINVAL, E2BIG")
    @ParameterizedTest(name = "{displayName}: {0} entries")
    @ValueSource(ints = {-1, 0, 1, 128, 255, 257, 131_072})
    void shouldRefuseARingOfAnIllegalSize(int entries) {
        try (KvmVm kvm = KvmVm.ordinary()) {
            var vm = kvm.createVm("default", List.of());
            assertEquals(entries > DirtyLog.MAX_RING ? Errno.E2BIG : Errno.EINVAL,
                    errnoOf(() -> vm.dirtyLog().enableRing(entries)));
        }
    }

    @DisplayName("2.8 ring: EINVAL twice or after a vCPU; ENXIO for GET and CLEAR")
    @Test
    void shouldTurnRingsOnOnceAndBeforeTheFirstVcpu() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.dirtyLog().enableRing(256)), "a vCPU exists");
            var vm = kvm.createVm("default", List.of());
            vm.dirtyLog().enableRing(256);
            assertEquals(Errno.EINVAL, errnoOf(() -> vm.dirtyLog().enableRing(256)));
            assertEquals(Errno.ENXIO, errnoOf(() -> vm.dirtyLog().get(0, new long[1])));
            assertEquals(Errno.ENXIO, errnoOf(() -> vm.dirtyLog().clear(0, 0, 64, new long[1])));
            assertEquals(Errno.ENOENT, errnoOf(() -> vm.dirtyLog().ring(0)));
        }
    }

    private static void withRing(Consumer<RingVm> test) {
        try (KvmVm kvm = KvmVm.ordinary()) {
            var vm = kvm.createVm("default", List.of());
            vm.dirtyLog().enableRing(256);
            HostMapping mapping = kvm.process.map(PAGES * PAGE);
            vm.slots().create(logging(mapping));
            try (var vcpu = vm.createVcpu(0)) {
                test.accept(new RingVm(vm.dirtyLog(), vm.dirtyLog().ring(0), vcpu));
            }
        }
    }

    private record RingVm(DirtyLog log, DirtyRing ring, org.enclosure.api.vcpu.Vcpu vcpu) {
        void run(Consumer<GuestCpu> guest) {
            assertEquals(ExitReason.HALTED, vcpu.run(guest::accept, exit -> ExitAction.STOP).reason());
        }

        List<Long> harvest() {
            List<Long> pages = new ArrayList<>();
            int count = ring.harvest((slot, page) -> {
                assertEquals(SLOT, slot);
                pages.add(page);
            });
            assertEquals(count, pages.size());
            return pages;
        }
    }

    @DisplayName("ring: an entry per page, in order, again after the reset")
    @Test
    void shouldPushEachPageOnceUntilItIsReset() {
        withRing(vm -> {
            Consumer<GuestCpu> guest = cpu -> {
                for (long page : new long[] {3, 1, 3, 2}) {
                    cpu.storeLong(GPA + page * PAGE, 1);
                }
            };
            vm.run(guest);
            assertEquals(List.of(3L, 1L, 2L), vm.harvest());
            assertEquals(List.of(), vm.harvest());
            vm.run(guest);
            assertEquals(List.of(), vm.harvest(), "not before the reset");
            assertEquals(3, vm.log.resetRings());
            assertEquals(0, vm.log.resetRings());
            vm.run(guest);
            assertEquals(List.of(3L, 1L, 2L), vm.harvest());
        });
    }

    @DisplayName("ring: full is an exit before the write; it goes on after a reset")
    @Test
    void shouldExitWhenTheRingIsFull() {
        withRing(vm -> {
            AtomicInteger exits = new AtomicInteger();
            List<Long> seen = new ArrayList<>();
            var exit = vm.vcpu.run(cpu -> {
                for (long page = 0; page < PAGES; page++) {
                    cpu.storeLong(GPA + page * PAGE, page + 1);
                }
            }, full -> {
                assertEquals(ExitReason.DIRTY_RING_FULL, full.reason());
                assertEquals(31, full.reason().number());
                exits.incrementAndGet();
                seen.addAll(vm.harvest());
                assertEquals(256, vm.log.resetRings());
                return ExitAction.RESUME;
            });
            assertEquals(ExitReason.HALTED, exit.reason());
            seen.addAll(vm.harvest());
            assertEquals(2, exits.get());
            assertEquals(PAGES, seen.stream().distinct().count());
        });
    }

    // ---- the extension --------------------------------------------------------------------------------------------------

    @DisplayName("private dirty log: off by default")
    @Test
    void shouldBeAnExtensionThatIsOff() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            assertEquals(Errno.EOPNOTSUPP, errnoOf(kvm.vm::privateDirtyLog));
        }
    }

    @DisplayName("private dirty log: pages by store offset, an epoch a fetch")
    @EachBacking
    void shouldLogPrivatePagesByStoreOffset(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing, "private-log=on")) {
            GuestMemoryStore store = kvm.store(LARGE + PAGE, StoreFlag.MMAP);
            kvm.vm.slots().create(Memslot.ofStore(SLOT, GPA, LARGE, store, PAGE));
            kvm.vm.conversions().convert(GPA, LARGE, MemoryKind.PRIVATE);
            var log = kvm.vm.privateDirtyLog();
            long[] bits = new long[WORDS];
            log.fetch(store, bits);
            long epoch = log.epoch();
            write(kvm, 0, 70);
            assertEquals(epoch, log.fetch(store, bits));
            assertEquals(List.of(1L, 71L), pagesOf(bits));
            assertEquals(epoch + 1, log.fetch(store, bits));
            assertEquals(List.of(), pagesOf(bits));
            write(kvm, 70);
            log.fetch(store, bits);
            assertEquals(List.of(71L), pagesOf(bits));
            assertEquals(Errno.EFAULT, errnoOf(() -> log.fetch(store, new long[1])));
            assertTrue(kvm.vm.dirtyLog() != null, "KVM's own log still refuses stores");
            store.close();
            assertEquals(Errno.EBADF, errnoOf(() -> log.fetch(store, bits)));
        }
    }
}
