package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.junit.jupiter.api.Test;

class LazySlabsTest {
    private static final long BYTES = 8192;

    @Test
    void shouldReserveASlabAtFirstNeedAndKeepIt() {
        try (LazySlabs slabs = new LazySlabs(10, BYTES)) {
            assertEquals(0, slabs.address(7));
            long address = slabs.reserve(7);
            assertNotEquals(0, address);
            Raw.putLong(address + BYTES - 8, 42);
            assertEquals(address, slabs.reserve(7));
            assertEquals(address, slabs.address(7));
            assertEquals(42, Raw.getLong(address + BYTES - 8));
            assertEquals(0, slabs.address(6));
            assertEquals(BYTES, slabs.reservedBytes());
        }
    }

    @Test
    void shouldFindTheNextSlabThatIsThere() {
        long count = 1L << 33;
        try (LazySlabs slabs = new LazySlabs(count, BYTES)) {
            assertEquals(count, slabs.next(0));
            slabs.reserve(5);
            slabs.reserve(4096);
            slabs.reserve(count - 1);
            assertEquals(5, slabs.next(0));
            assertEquals(5, slabs.next(5));
            assertEquals(4096, slabs.next(6));
            assertEquals(count - 1, slabs.next(4097));
            assertEquals(count, slabs.next(count));
        }
    }

    @Test
    void shouldChangeNothingWhenTheSystemRefuses() {
        try (LazySlabs slabs = new LazySlabs(3, 1L << 60)) {
            GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> slabs.reserve(1));
            assertEquals(Errno.ENOMEM, e.errno());
            assertEquals(0, slabs.address(1));
            assertEquals(0, slabs.reservedBytes());
        }
    }
}
