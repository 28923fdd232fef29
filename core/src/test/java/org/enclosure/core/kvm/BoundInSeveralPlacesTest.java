package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ranges over several slots, stores and holes: all or nothing, with the offset in the range that was asked for.
class BoundInSeveralPlacesTest {
    private static final long HIGH = 1L << 30;

    @ParameterizedTest
    @ValueSource(strings = {"page=4k", "page=2m"})
    @DisplayName("a part that the architecture refuses: the parts before it are in the guest's reach again at once")
    void shouldPutBackWhatWasBlockedBeforeTheRefusal(String page) {
        try (GuestVm m = GuestVm.ofTest("backend-owned", page, "trigger=explicit")) {
            GuestMemoryStore store = m.vm.createStore(4 * PAGE, Set.of(StoreFlag.MMAP));
            m.vm.slots().create(Memslot.ofStore(1, HIGH, 2 * PAGE, store, 0));
            m.vm.slots().create(Memslot.ofStore(2, 2 * HIGH, 2 * PAGE, store, 2 * PAGE));
            m.vm.launch(MemorySegment.ofArray(new byte[(int) PAGE]),
                    Map.of("gpa", Long.toString(2 * HIGH + PAGE), "locked", "yes"));
            m.run(cpu -> {
                cpu.onEvent((inner, event, gpa) -> {
                    inner.accept(gpa, PAGE);
                    return true;
                });
                cpu.storeLong(cpu.address(HIGH, true), 5);
            });
            String before = m.vm.inspect(HIGH).state();
            GuestMemoryException refusal = assertThrows(GuestMemoryException.class,
                    () -> store.convert(0, 4 * PAGE, MemoryKind.SHARED));
            assertEquals(Errno.EIO, refusal.errno());
            assertEquals(3 * PAGE, refusal.errorOffset());
            assertEquals(before, m.vm.inspect(HIGH).state(), "not blocked");
            assertEquals(MemoryKind.PRIVATE, store.kind(0));
            GuestMemoryException overHole = assertThrows(GuestMemoryException.class,
                    () -> m.vm.conversions().convert(HIGH, HIGH + 2 * PAGE, MemoryKind.SHARED));
            assertEquals(HIGH + PAGE, overHole.errorOffset(), "the hole between the slots counts");
            long fixed = m.faults("fixed");
            m.run(cpu -> assertEquals(5, cpu.loadLong(cpu.address(HIGH, true))));
            assertEquals(fixed, m.faults("fixed"), "no fault was needed to bring it back");
        }
    }

    @Test
    @DisplayName("a held page in the second store refuses the range over both, at its place in the range")
    void shouldRefuseARangeOverTwoStoresForAPinInTheSecond() {
        try (GuestVm m = GuestVm.with()) {
            GuestMemoryStore second = m.vm.createStore(4 * PAGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            m.vm.slots().create(Memslot.ofStore(1, GuestVm.RAM, 4 * PAGE, second, 0));
            try (var mapping = m.process.map(second, 0, 4 * PAGE); var pin = mapping.pin(2 * PAGE, PAGE, "vhost")) {
                GuestMemoryException refusal = assertThrows(GuestMemoryException.class,
                        () -> m.vm.conversions().convert(GuestVm.RAM - 2 * PAGE, 6 * PAGE, MemoryKind.PRIVATE));
                assertEquals(Errno.EAGAIN, refusal.errno());
                assertEquals(4 * PAGE, refusal.errorOffset());
                assertEquals(pin.holder(), refusal.holders().getFirst());
                assertEquals(MemoryKind.SHARED, m.kind(GuestVm.RAM - PAGE));
            }
        }
    }

    @Test
    @DisplayName("holes: to shared is a success without effect, to private is refused where the hole begins")
    void shouldTreatHolesAsMmio() {
        try (GuestVm m = GuestVm.with()) {
            m.vm.conversions().convert(GuestVm.RAM - PAGE, PAGE, MemoryKind.PRIVATE);
            GuestMemoryException refusal = assertThrows(GuestMemoryException.class,
                    () -> m.vm.conversions().convert(GuestVm.RAM - 2 * PAGE, 4 * PAGE, MemoryKind.PRIVATE));
            assertEquals(Errno.EINVAL, refusal.errno());
            assertEquals(2 * PAGE, refusal.errorOffset());
            assertEquals(MemoryKind.SHARED, m.kind(GuestVm.RAM - 2 * PAGE), "nothing changed");
            m.vm.conversions().convert(GuestVm.RAM - PAGE, 1L << 40, MemoryKind.SHARED);
            assertEquals(MemoryKind.SHARED, m.kind(GuestVm.RAM - PAGE));
            assertEquals(ExitReason.MMIO, m.run(cpu -> cpu.loadLong(GuestVm.RAM + PAGE),
                    exit -> org.enclosure.api.exit.ExitAction.STOP).reason());
        }
    }
}
