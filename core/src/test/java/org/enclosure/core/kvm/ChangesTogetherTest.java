package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.PageRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What changes several ranges or stores by one call: all of them or none.
class ChangesTogetherTest {
    /// Vetoes the page at 4 pages, and writes down what it is told.
    private static final class Picky implements Participant {
        final List<String> told = new ArrayList<>();
        boolean isPicky = true;

        @Override
        public String name() {
            return "picky";
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            told.add("prepare " + request.gpa() / PAGE);
            return !isPicky || request.gpa() != 4 * PAGE;
        }

        @Override
        public void commit(ConversionRequest request) {
            told.add("commit " + request.gpa() / PAGE);
        }

        @Override
        public void abort(ConversionRequest request) {
            told.add("abort " + request.gpa() / PAGE);
        }
    }

    private static Errno refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    @Test
    @DisplayName("reboot=engine: a held page of one store keeps the other stores shared too")
    void shouldMakeAllStoresPrivateOrNone() {
        try (GuestVm m = GuestVm.with("reboot=engine")) {
            GuestMemoryStore second = m.vm.createStore(2 * PAGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            GuestMemoryStore third = m.vm.createStore(PAGE, Set.of(StoreFlag.INIT_SHARED));
            HostMapping mapping = m.process.map(second, 0, 2 * PAGE);
            try (Pin pin = mapping.pin(PAGE, PAGE, "vfio")) {
                GuestMemoryException held = assertThrows(GuestMemoryException.class, m.vm::reboot);
                assertEquals(Errno.EAGAIN, held.errno());
                assertEquals(List.of(pin.holder()), held.holders());
                assertTrue(m.isAll(0, RAM, MemoryKind.SHARED));
                assertEquals(MemoryKind.SHARED, third.kind(0));
            }
            m.vm.reboot();
            assertTrue(m.isAll(0, RAM, MemoryKind.PRIVATE));
            assertEquals(MemoryKind.PRIVATE, second.kind(PAGE));
            assertEquals(MemoryKind.PRIVATE, third.kind(0));
            assertEquals(1, m.vm.stats().conversions().host(), "one change");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-place", "split"})
    @DisplayName("a veto on one range of a list keeps the ranges before it shared, and they are told of the end")
    void shouldLoadTheWholeListOrNothing(String backing) {
        Picky picky = new Picky();
        try (GuestVm m = GuestVm.with(options -> options.with(picky), "backing=" + backing, "status=list")) {
            m.vm.conversions().convert(0, RAM, MemoryKind.PRIVATE);
            m.vm.conversions().convert(2 * PAGE, PAGE, MemoryKind.SHARED);
            picky.isPicky = false;
            m.vm.conversions().convert(4 * PAGE, PAGE, MemoryKind.SHARED);
            picky.isPicky = true;
            List<PageRange> before = m.vm.sharedPages().get();
            picky.told.clear();
            assertEquals(Errno.EAGAIN, refused(() -> m.vm.sharedPages().set(List.of())));
            assertEquals(before, m.vm.sharedPages().get());
            assertEquals(List.of("prepare 2", "prepare 4", "abort 2"), picky.told);
            picky.isPicky = false;
            picky.told.clear();
            m.vm.sharedPages().set(List.of());
            assertTrue(m.isAll(0, RAM, MemoryKind.PRIVATE));
            assertEquals(List.of("prepare 2", "prepare 4", "commit 2", "commit 4"), picky.told);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-place", "split"})
    @DisplayName("the kind of everything that an address can name is looked at by extents, holes too")
    void shouldLookAtHugeHolesByExtents(String backing) {
        try (GuestVm m = GuestVm.with("backing=" + backing)) {
            long end = 1L << 47;
            assertTrue(m.isAll(0, end, MemoryKind.SHARED));
            m.vm.conversions().convert(RAM - PAGE, PAGE, MemoryKind.PRIVATE);
            assertTrue(m.isAll(RAM, end - RAM, MemoryKind.SHARED));
            assertEquals(false, m.isAll(RAM - PAGE, end - RAM, MemoryKind.SHARED));
            assertEquals(false, m.isAll(RAM, PAGE, MemoryKind.PRIVATE));
        }
    }
}
