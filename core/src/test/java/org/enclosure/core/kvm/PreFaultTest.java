package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.Pin;
import org.enclosure.api.slot.Memslot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of pre_fault_memory_test: an area of 2M and one page near the top of the guest's address space.
@Timeout(120)
class PreFaultTest {
    private static final int SLOT = 10;
    private static final long SIZE = LARGE + PAGE;
    private static final long BASE = (1L << 46) - 4 * LARGE;

    /// The three runs of the test, private memory in both backings.
    enum Run {
        DEFAULT_SHARED, IN_PLACE_SHARED, SPLIT_SHARED, IN_PLACE_PRIVATE, SPLIT_PRIVATE;

        private KvmVm vm() {
            return switch (this) {
                case DEFAULT_SHARED -> KvmVm.ordinary();
                case IN_PLACE_SHARED, IN_PLACE_PRIVATE -> KvmVm.of(KvmVm.Backing.IN_PLACE);
                case SPLIT_SHARED, SPLIT_PRIVATE -> KvmVm.of(KvmVm.Backing.SPLIT);
            };
        }

        KvmVm open() {
            KvmVm kvm = vm();
            kvm.vm.slots().create(slot(kvm));
            if (this == IN_PLACE_PRIVATE || this == SPLIT_PRIVATE) {
                kvm.vm.conversions().convert(BASE, SIZE, MemoryKind.PRIVATE);
            }
            return kvm;
        }

        private Memslot slot(KvmVm kvm) {
            return switch (this) {
                case DEFAULT_SHARED, IN_PLACE_SHARED -> Memslot.ofMapping(SLOT, BASE, SIZE, kvm.process.map(SIZE), 0);
                case SPLIT_SHARED, SPLIT_PRIVATE ->
                    new Memslot(SLOT, BASE, SIZE, Set.of(), kvm.process.map(SIZE), 0, kvm.store(SIZE), 0);
                case IN_PLACE_PRIVATE -> Memslot.ofStore(SLOT, BASE, SIZE, kvm.store(SIZE), 0);
            };
        }
    }

    /// Calls until nothing is left or a call fails; a call that returns has made progress.
    ///
    /// @return what is left
    private static long preFault(KvmVm kvm, long gpa, long bytes, @Nullable Errno expected) {
        long left = bytes;
        Errno error = null;
        while (left > 0 && error == null) {
            try {
                long next = kvm.vcpu.preFault(gpa + bytes - left, left);
                assertTrue(next < left, "a call makes progress or fails");
                left = next;
            } catch (GuestMemoryException e) {
                error = e.errno();
            }
        }
        assertEquals(expected, error);
        return left;
    }

    private static void readAll(KvmVm kvm) {
        long exits = kvm.vm.stats().vcpus().exits().getOrDefault("halted", 0L);
        var faults = kvm.vm.stats().vcpus().faults();
        assertEquals(ExitReason.HALTED, kvm.runToExit(cpu -> {
            for (long at = 0; at < SIZE; at += PAGE) {
                assertEquals(0, cpu.loadLong(BASE + at));
            }
        }).reason());
        assertEquals(faults, kvm.vm.stats().vcpus().faults(), "no fault was left");
        assertEquals(exits + 1, kvm.vm.stats().vcpus().exits().get("halted"));
    }

    @DisplayName("T-E01 huge part")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldMapTheHugePart(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(0, preFault(kvm, BASE, LARGE, null));
            assertEquals(1, kvm.vm.stats().mapped2m(), "as one mapping");
        }
    }

    @DisplayName("T-E02 straddle end of slot")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldStopAtTheEndOfTheSlot(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(PAGE, kvm.vcpu.preFault(BASE + LARGE, 2 * PAGE), "the first page is done");
            assertEquals(PAGE, preFault(kvm, BASE + LARGE, 2 * PAGE, Errno.ENOENT));
        }
    }

    @DisplayName("T-E03 beyond slot")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldDoNothingBeyondTheSlot(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(PAGE, preFault(kvm, BASE + SIZE, PAGE, Errno.ENOENT));
        }
    }

    @DisplayName("T-E04 use")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldLeaveNoFaultToTheGuest(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(0, preFault(kvm, BASE, SIZE, null));
            readAll(kvm);
        }
    }

    @DisplayName("T-E10 a slot that goes and comes meanwhile")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldFinishAfterARaceWithTheSlot(Run run) throws InterruptedException {
        try (KvmVm kvm = run.open()) {
            Memslot slot = kvm.vm.slots().list().get(0);
            Thread worker = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    kvm.vm.slots().delete(SLOT);
                    kvm.vm.slots().create(slot);
                }
            });
            while (worker.isAlive()) {
                race(kvm);
            }
            worker.join();
            assertEquals(0, preFault(kvm, BASE, SIZE, null), "no EAGAIN remains");
        }
    }

    private static void race(KvmVm kvm) {
        try {
            long left = kvm.vcpu.preFault(BASE, SIZE);
            assertTrue(left < SIZE);
        } catch (GuestMemoryException e) {
            // Between delete and create a private attribute has no slot: a memory fault, as in KVM.
            assertTrue(Set.of(Errno.EAGAIN, Errno.ENOENT, Errno.EFAULT).contains(e.errno()), e.toString());
        }
    }

    @DisplayName("T-E11 whole range again")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldBeIdempotent(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(0, preFault(kvm, BASE, SIZE, null));
            assertEquals(0, preFault(kvm, BASE, SIZE, null));
        }
    }

    @DisplayName("T-E12 last page plus one beyond")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldLeaveThePageBeyond(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(PAGE, preFault(kvm, BASE + SIZE - PAGE, 2 * PAGE, Errno.ENOENT));
        }
    }

    @DisplayName("T-E13 entirely beyond")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldLeaveARangeBeyondAsItIs(Run run) {
        try (KvmVm kvm = run.open()) {
            assertEquals(LARGE, preFault(kvm, BASE + SIZE, LARGE, Errno.ENOENT));
        }
    }

    @DisplayName("T-E14 guest reads all")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(Run.class)
    void shouldReadAllAfterASecondPass(Run run) {
        try (KvmVm kvm = run.open()) {
            preFault(kvm, BASE, SIZE, null);
            preFault(kvm, BASE, LARGE, null);
            readAll(kvm);
        }
    }

    @DisplayName("T-E15 errors: EINVAL for the shape")
    @Test
    void shouldRefuseRangesThatCannotBe() {
        try (KvmVm kvm = Run.DEFAULT_SHARED.open()) {
            for (long[] range : new long[][] {{BASE + 1, PAGE}, {BASE, PAGE + 1}, {BASE, 0}, {BASE, -PAGE},
                    {Long.MAX_VALUE & -PAGE, 2 * PAGE}, {-PAGE, PAGE}}) {
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vcpu.preFault(range[0], range[1])));
            }
        }
    }

    @DisplayName("T-E15 errors: EFAULT where the slot has no private memory")
    @Test
    void shouldRefuseToMapAPrivatePageThatASlotCannotHave() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            kvm.hostSlot(SLOT, BASE, SIZE);
            kvm.vm.conversions().convert(BASE, PAGE, MemoryKind.PRIVATE);
            assertEquals(Errno.EFAULT, errnoOf(() -> kvm.vcpu.preFault(BASE, PAGE)));
            assertEquals(0, kvm.vcpu.preFault(BASE + PAGE, PAGE));
        }
    }

    @DisplayName("T-E15 errors: EINTR")
    @Test
    void shouldStopForASignal() {
        try (KvmVm kvm = Run.DEFAULT_SHARED.open()) {
            Thread.currentThread().interrupt();
            assertEquals(Errno.EINTR, errnoOf(() -> kvm.vcpu.preFault(BASE, PAGE)));
            assertTrue(Thread.interrupted());
            kvm.run(cpu -> assertThrows(IllegalStateException.class, () -> kvm.vcpu.preFault(BASE, PAGE)));
        }
    }

    @DisplayName("T-E15 errors: EOPNOTSUPP has no counterpart; ENOMEM is told when nothing was done")
    @Test
    void shouldTellThatMemoryRanOut() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            kvm.hostSlot(SLOT, 0, KvmVm.GIB);
            long left = kvm.vcpu.preFault(0, KvmVm.GIB);
            assertTrue(left > 0 && left < KvmVm.GIB);
            assertEquals(Errno.ENOMEM, errnoOf(() -> kvm.vcpu.preFault(KvmVm.GIB - left, left)));
        }
    }

    @DisplayName("own: a page that the guest has asked back: EAGAIN while the host holds it, then it converts and is mapped")
    @ParameterizedTest
    @ValueSource(strings = {"vcpu-2b", "pending"})
    void shouldNotWaitForAPageThatTheHostHolds(String convert) {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=" + convert)) {
            Pin pin = m.mapping.pin(PAGE, PAGE, "vfio");
            m.run(cpu -> assertEquals(0, GuestVm.mapGpaRange(cpu, PAGE, PAGE, GuestVm.ENCRYPTED)),
                    exit -> GuestVm.answer(exit, 0));
            assertEquals(Errno.EAGAIN, errnoOf(() -> m.vcpu.preFault(PAGE, PAGE)));
            pin.close();
            assertEquals(0, m.vcpu.preFault(PAGE, PAGE));
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }
}
