package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.Pin;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.PageRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The list of shared pages that was proposed for migration in 2021.
class SharedPagesTest {
    private static PageRange pages(long first, long count) {
        return new PageRange(first * PAGE, count * PAGE);
    }

    @ParameterizedTest
    @CsvSource({"in-place,list", "split,list", "in-place,table", "split,both"})
    @DisplayName("the list is sorted and merged, over slots too; an interval that bridges two others leaves one")
    void shouldMergeRangesOverSlots(String backing, String status) {
        try (GuestVm m = GuestVm.with("backing=" + backing, "status=" + status)) {
            GuestMemoryStore second = m.vm.createStore(4 * PAGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            m.vm.slots().create(Memslot.ofStore(1, RAM, 4 * PAGE, second, 0));
            m.vm.conversions().convert(0, RAM + 4 * PAGE, MemoryKind.PRIVATE);
            assertEquals(List.of(), m.vm.sharedPages().get());
            m.vm.conversions().convert(2 * PAGE, PAGE, MemoryKind.SHARED);
            m.vm.conversions().convert(4 * PAGE, PAGE, MemoryKind.SHARED);
            assertEquals(List.of(pages(2, 1), pages(4, 1)), m.vm.sharedPages().get());
            m.vm.conversions().convert(3 * PAGE, PAGE, MemoryKind.SHARED);
            m.vm.conversions().convert(RAM - PAGE, 2 * PAGE, MemoryKind.SHARED);
            assertEquals(List.of(pages(2, 3), pages(RAM / PAGE - 1, 2)), m.vm.sharedPages().get());
        }
    }

    @Test
    @DisplayName("set loads the list on the destination; an empty list makes everything private")
    void shouldLoadAListOfAnySort() {
        try (GuestVm m = GuestVm.with("status=list")) {
            m.vm.sharedPages().set(List.of(pages(8, 2), pages(1, 4), pages(3, 5), pages(RAM / PAGE, 1)));
            assertEquals(List.of(pages(1, 9)), m.vm.sharedPages().get());
            m.vm.sharedPages().set(List.of(pages(1, 9)));
            m.vm.sharedPages().set(List.of());
            assertTrue(m.isAll(0, RAM, MemoryKind.PRIVATE));
        }
    }

    @Test
    @DisplayName("set refuses before it changes: ENOTTY, EINVAL, EAGAIN with offset and holders")
    void shouldRefuseBeforeItChanges() {
        try (GuestVm m = GuestVm.with("status=exit")) {
            assertEquals(Errno.ENOTTY, assertThrows(GuestMemoryException.class,
                    () -> m.vm.sharedPages().set(List.of())).errno());
        }
        try (GuestVm m = GuestVm.with("status=both")) {
            assertEquals(Errno.EINVAL, assertThrows(GuestMemoryException.class,
                    () -> m.vm.sharedPages().set(List.of(pages(0, 1), new PageRange(1, PAGE)))).errno());
            assertTrue(m.isAll(0, RAM, MemoryKind.SHARED));
            try (Pin pin = m.mapping.pin(9 * PAGE, PAGE, "vhost")) {
                GuestMemoryException held = assertThrows(GuestMemoryException.class,
                        () -> m.vm.sharedPages().set(List.of(pages(0, 2))));
                assertEquals(Errno.EAGAIN, held.errno());
                assertEquals(9 * PAGE, held.errorOffset());
                assertEquals(List.of(pin.holder()), held.holders());
                assertTrue(m.isAll(0, RAM, MemoryKind.SHARED));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "table"})
    @DisplayName("whatever is converted, the list is what the kinds say, and set(get()) changes nothing")
    void shouldAgreeWithTheKinds(String status) {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("enclosure.seed=" + seed);
        Random random = new Random(seed);
        try (GuestVm m = GuestVm.with("status=" + status, "page=4k")) {
            BitSet shared = new BitSet();
            shared.set(0, (int) (RAM / PAGE));
            for (int i = 0; i < 300; i++) {
                int start = random.nextInt((int) (RAM / PAGE));
                int count = 1 + random.nextInt(Math.min(64, (int) (RAM / PAGE) - start));
                boolean toShared = random.nextBoolean();
                m.vm.conversions().convert(start * PAGE, count * PAGE, MemoryKind.of(!toShared));
                shared.set(start, start + count, toShared);
                BitSet listed = new BitSet();
                m.vm.sharedPages().get().forEach(range -> listed.set((int) (range.gpa() / PAGE),
                        (int) ((range.gpa() + range.bytes()) / PAGE)));
                assertEquals(shared, listed, "enclosure.seed=" + seed);
            }
            List<PageRange> list = m.vm.sharedPages().get();
            long converted = m.vm.stats().conversions().pages();
            m.vm.sharedPages().set(list);
            assertEquals(converted, m.vm.stats().conversions().pages());
        }
    }
}
