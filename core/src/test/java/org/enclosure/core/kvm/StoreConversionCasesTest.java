package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.StoreConversionArea.BASE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.Pin;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// KVM's guest_memfd_conversions_test, case by case, for each position of the page and each largest page size. In-place backing
/// alone: with split backing the store has no conversion. The policies `after=zero` and
/// `after=scramble` are tested in [PolicyTest].
class StoreConversionCasesTest {
    private static final String POSITIONS = "page {0} of 4, largest {1}";

    private static Errno refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    @ParameterizedTest(name = "T-F01 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,2m", "2,4k", "3,4k"})
    @DisplayName("T-F01 init_private: content is kept in both directions, access follows the state")
    void shouldStartPrivate(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, false, largest)) {
            area.testPrivate(page, 0, 'A');
            area.toShared(page);
            area.testShared(page, 'A', 'B', 'C');
            area.toPrivate(page);
            area.testPrivate(page, 'C', 'E');
        }
    }

    @ParameterizedTest(name = "T-F02 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,2m", "2,4k", "3,4k"})
    @DisplayName("T-F02 init_shared: the same from the other side")
    void shouldStartShared(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest)) {
            area.testShared(page, 0, 'A', 'B');
            area.toPrivate(page);
            area.testPrivate(page, 'B', 'C');
            area.toShared(page);
            area.testShared(page, 'C', 'D', 'E');
        }
    }

    @ParameterizedTest(name = "T-F03 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,2m", "2,4k", "3,4k"})
    @DisplayName("T-F03 indexing: neighbours keep state and content, before and after")
    void shouldConvertThisPageAlone(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest)) {
            for (int other = 0; other < 4; other++) {
                area.testShared(other, 0, 'A' + other, 'a' + other);
            }
            area.toPrivate(page);
            for (int other = 0; other < 4; other++) {
                if (other == page) {
                    area.testPrivate(other, 'a' + other, 'x');
                } else {
                    area.testShared(other, 'a' + other, 'B' + other, 'b' + other);
                }
            }
            area.toShared(page);
            for (int other = 0; other < 4; other++) {
                area.testShared(other, other == page ? 'x' : 'b' + other, 'C' + other, 'c' + other);
            }
        }
    }

    @ParameterizedTest(name = "T-F04 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "3,4k"})
    @DisplayName("T-F04 to shared before anything is allocated: starts at 0 by the shared rules")
    void shouldConvertToSharedBeforeAllocation(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, false, largest)) {
            area.toShared(page);
            assertEquals(0, area.store.allocatedBytes());
            area.testShared(page, 0, 'A', 'B');
        }
    }

    @ParameterizedTest(name = "T-F05 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "3,4k"})
    @DisplayName("T-F05 to private before anything is allocated: starts at 0 by the private rules")
    void shouldConvertToPrivateBeforeAllocation(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest)) {
            area.toPrivate(page);
            assertEquals(0, area.store.allocatedBytes());
            area.testPrivate(page, 0, 'A');
        }
    }

    @ParameterizedTest(name = "T-F06 [page {0} of 8]")
    @ValueSource(ints = {0, 1, 3, 7})
    @DisplayName("T-F06 a range with holes converts; touched pages keep their bytes, the others read 0")
    void shouldConvertARangeWithHoles(int page) {
        try (StoreConversionArea area = new StoreConversionArea(8, true, "4k")) {
            area.testShared(page, 0, 'A', 'B');
            area.testShared(4, 0, 'C', 'D');
            area.store.convert(0, 8 * PAGE, MemoryKind.PRIVATE);
            for (int at = 0; at < 8; at++) {
                area.testPrivate(at, at == page ? 'B' : at == 4 ? 'D' : 0, 'E' + at);
            }
            for (int at = 0; at < 8; at++) {
                area.toShared(at);
                area.testShared(at, 'E' + at, 'F', 'G');
            }
        }
    }

    @ParameterizedTest(name = "T-F07 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,4k", "3,4k"})
    @DisplayName("T-F07 truncate: a hole reads 0 and changes no state, in either direction")
    void shouldKeepTheStateOfAHole(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest)) {
            area.testShared(page, 0, 'A', 'B');
            area.store.punchHole(page * PAGE, PAGE);
            area.testShared(page, 0, 'C', 'D');
            area.toPrivate(page);
            area.testPrivate(page, 'D', 'E');
            area.store.punchHole(page * PAGE, PAGE);
            area.testPrivate(page, 0, 'F');
            area.store.punchHole(page * PAGE, PAGE);
            area.toShared(page);
            area.testShared(page, 0, 'G', 'H');
        }
    }

    @ParameterizedTest(name = "T-F09 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,2m", "2,4k", "3,4k"})
    @DisplayName("T-F09 elevated_refcount: EAGAIN at the pinned page, nothing converted")
    void shouldRefuseARangeWithAPinnedPage(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest);
                Pin pin = area.mapping.pin(page * PAGE, PAGE, "gup_test")) {
            GuestMemoryException refusal = assertThrows(GuestMemoryException.class,
                    () -> area.store.convert(0, 4 * PAGE, MemoryKind.PRIVATE));
            assertEquals(Errno.EAGAIN, refusal.errno());
            assertEquals(page * PAGE, refusal.errorOffset());
            assertEquals(List.of(pin.holder()), refusal.holders());
            assertTrue(area.vm.attributes().isUniform(BASE, 4 * PAGE, MemoryKind.SHARED));
            area.testShared((page + 1) % 4, 0, 'A', 'B');
        }
    }

    @ParameterizedTest(name = "T-F10 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "1,2m", "2,4k", "3,4k"})
    @DisplayName("T-F10 elevated, single: the other pages convert, the pinned one does not")
    void shouldConvertAllButThePinnedPage(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest);
                Pin pin = area.mapping.pin(page * PAGE, PAGE, "gup_test")) {
            for (int other = 0; other < 4; other++) {
                if (other != page) {
                    area.toPrivate(other);
                }
            }
            GuestMemoryException refusal = assertThrows(GuestMemoryException.class, () -> area.toPrivate(page));
            assertEquals(Errno.EAGAIN, refusal.errno());
            assertEquals(0, refusal.errorOffset(), "relative to the range that was asked for");
            pin.storeLong(0, 'P');
            area.testShared(page, 'P', 'A', 'B');
            area.testPrivate((page + 1) % 4, 0, 'C');
        }
    }

    @ParameterizedTest(name = "T-F11 [" + POSITIONS + "]")
    @CsvSource({"0,2m", "3,4k"})
    @DisplayName("T-F11 unpin: then it converts")
    void shouldConvertAfterTheUnpin(int page, String largest) {
        try (StoreConversionArea area = new StoreConversionArea(4, true, largest)) {
            try (Pin pin = area.mapping.pin(page * PAGE, PAGE, "gup_test")) {
                pin.storeLong(0, 'P');
                assertEquals(Errno.EAGAIN, refused(() -> area.toPrivate(page)));
            }
            area.toPrivate(page);
            area.testPrivate(page, 'P', 'Q');
        }
    }

    @Test
    @DisplayName("T-F12 content flags")
    @Disabled("not applicable: the flag ZERO was dropped from the series before it was merged; after=zero and after=scramble are policies")
    void shouldHaveNoContentFlags() {
        // There is nothing to run.
    }

    @Test
    @DisplayName("T-F own: arguments that are refused, in place and unbound, leave everything as it was")
    void shouldRefuseIllegalArguments() {
        try (StoreConversionArea area = new StoreConversionArea(4, true, "2m")) {
            long[][] illegal = {{0, 0}, {0, 1}, {1, PAGE}, {0, -PAGE}, {-PAGE, PAGE}, {0, 5 * PAGE}, {4 * PAGE, PAGE},
                    {PAGE, Long.MAX_VALUE & -PAGE}, {Long.MAX_VALUE & -PAGE, PAGE}};
            for (long[] range : illegal) {
                for (MemoryKind kind : MemoryKind.values()) {
                    assertEquals(Errno.EINVAL, refused(() -> area.store.convert(range[0], range[1], kind)));
                }
            }
            assertEquals(Errno.EINVAL, refused(() -> area.vm.attributes().set(BASE, PAGE, MemoryKind.PRIVATE)),
                    "the VM's own call has no attribute PRIVATE any more");
            assertTrue(area.vm.attributes().isUniform(BASE, 4 * PAGE, MemoryKind.SHARED));
        }
    }

    @Test
    @DisplayName("T-F own: the same state twice is a success that changes nothing, even while it is pinned")
    void shouldAcceptTheSameStateTwice() {
        try (StoreConversionArea area = new StoreConversionArea(4, true, "2m");
                Pin pin = area.mapping.pin(0, PAGE, "vfio")) {
            area.store.convert(0, 4 * PAGE, MemoryKind.SHARED);
            area.toPrivate(1);
            area.toPrivate(1);
            assertEquals(1, area.vm.stats().conversions().pages());
            assertEquals("vfio", pin.holder());
        }
    }

    @Test
    @DisplayName("T-F own: a VM type without private memory has no such conversion: EINVAL")
    void shouldRefusePrivateMemoryWhereThereIsNone() {
        try (StoreConversionArea area = new StoreConversionArea(1, true, "2m")) {
            var plain = area.host.createVm(org.enclosure.api.vm.VmOptions.of("default"));
            GuestMemoryStore store = plain.createStore(PAGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            assertEquals(Errno.EINVAL, refused(() -> store.convert(0, PAGE, MemoryKind.PRIVATE)));
            store.convert(0, PAGE, MemoryKind.SHARED);
        }
    }

    @Test
    @DisplayName("T-F own: bound to no slot it converts, and a closed store is EBADF")
    void shouldConvertAStoreThatIsBoundNowhere() {
        try (StoreConversionArea area = new StoreConversionArea(1, true, "2m")) {
            GuestMemoryStore store = area.vm.createStore(4 * PAGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            store.convert(PAGE, 2 * PAGE, MemoryKind.PRIVATE);
            assertEquals(MemoryKind.SHARED, store.kind(0));
            assertEquals(MemoryKind.PRIVATE, store.kind(2 * PAGE));
            store.close();
            assertEquals(Errno.EBADF, refused(() -> store.convert(0, PAGE, MemoryKind.SHARED)));
        }
    }

    @Test
    @DisplayName("T-F own: conversions while vCPUs run: the guest sees its counter go up, never back")
    void shouldConvertUnderARunningVcpu() throws Exception {
        try (StoreConversionArea area = new StoreConversionArea(4, true, "2m")) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<VmExit> end = GuestVm.start(area.vcpu, cpu -> {
                for (long count = 1; !stop.get(); count++) {
                    cpu.storeLong(BASE + PAGE, count);
                    assertEquals(count, cpu.loadLong(BASE + PAGE));
                    cpu.storeLong(BASE + 2 * PAGE, count);
                }
            }, ExitHandler.POLICY);
            for (int round = 0; round < 500; round++) {
                area.store.convert(0, 4 * PAGE, MemoryKind.PRIVATE);
                area.store.convert(PAGE, PAGE, MemoryKind.SHARED);
                area.store.convert(0, 4 * PAGE, MemoryKind.SHARED);
            }
            stop.set(true);
            assertEquals(ExitReason.HALTED, end.get(60, TimeUnit.SECONDS).reason());
        }
    }

    @Test
    @DisplayName("in place: a slot deleted under a private access: no slot means shared, so MMIO of 8 bytes")
    void shouldExitAsMmioWithoutASlot() {
        try (StoreConversionArea area = new StoreConversionArea(1, false, "2m")) {
            area.guest(cpu -> cpu.loadLong(BASE));
            area.vm.slots().delete(1);
            VmExit end = area.vcpu.run(cpu -> cpu.loadLong(BASE), exit -> ExitAction.STOP);
            assertEquals(ExitReason.MMIO, end.reason());
            assertEquals(BASE, end.gpa());
            assertEquals(8, end.bytes());
        }
    }

    @Test
    @DisplayName("split: a private page without a slot is MEMORY_FAULT, EFAULT, with gpa and size")
    void shouldExitWithAMemoryFaultWithoutASlot() {
        try (GuestVm m = GuestVm.with("backing=split")) {
            m.vm.attributes().set(PAGE, PAGE, MemoryKind.PRIVATE);
            m.run(cpu -> cpu.loadLong(PAGE));
            m.vm.slots().delete(0);
            assertPrivateFault(m.run(cpu -> cpu.loadLong(PAGE), exit -> ExitAction.STOP));
        }
    }

    @Test
    @DisplayName("split: private attribute on a slot without a store: MEMORY_FAULT, EFAULT; in place it cannot be expressed")
    void shouldExitWithAMemoryFaultWhereTheSlotHasNoPrivateMemory() {
        try (GuestVm m = GuestVm.with("backing=split")) {
            m.vm.slots().delete(0);
            m.vm.slots().create(org.enclosure.api.slot.Memslot.ofMapping(0, 0, GuestVm.RAM, m.mapping, 0));
            m.vm.attributes().set(PAGE, PAGE, MemoryKind.PRIVATE);
            assertPrivateFault(m.run(cpu -> cpu.loadLong(PAGE), exit -> ExitAction.STOP));
        }
        try (GuestVm m = GuestVm.with("convert=attributes")) {
            m.vm.slots().delete(0);
            m.vm.slots().create(org.enclosure.api.slot.Memslot.ofMapping(0, 0, PAGE,
                    m.process.map(PAGE), 0));
            assertEquals(Errno.EINVAL, refused(() -> m.vm.attributes().set(0, PAGE, MemoryKind.PRIVATE)));
        }
    }

    private static void assertPrivateFault(VmExit exit) {
        assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
        assertEquals(39, exit.reason().number());
        assertEquals(Errno.EFAULT, exit.errno());
        assertTrue(exit.isPrivate());
        assertEquals(PAGE, exit.gpa());
        assertEquals(PAGE, exit.bytes());
    }
}
