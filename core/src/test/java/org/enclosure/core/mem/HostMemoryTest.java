package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    @Test
    void shouldBeZeroedAlignedAndAddressedByFrame() {
        try (HostMemory memory = HostMemory.reserve(3L << 30)) {
            assertEquals(3 << 18, memory.frames());
            assertEquals(0, memory.base() & (1 << 30) - 1);
            assertEquals(memory.base() + (5L << 12), memory.address(5));
            assertTrue(memory.contains(memory.frames() - 1));
            assertFalse(memory.contains(memory.frames()));
            assertFalse(memory.contains(-1));
            assertTrue(Raw.isZero(memory.address(memory.frames() - 1), 4096));
        }
    }

    @Test
    void shouldAlignSmallMemoryTo2M() {
        try (HostMemory memory = HostMemory.reserve(16 << 20)) {
            assertEquals(0, memory.base() & (1 << 21) - 1);
        }
    }

    @Test
    void shouldShowTheSameBytesAsABoundedSegmentThatDiesWithIt() {
        HostMemory memory = HostMemory.reserve(2 << 20);
        MemorySegment segment = memory.segment();
        Raw.putLong(memory.address(1), 42);
        assertEquals(42, segment.get(ValueLayout.JAVA_LONG, 4096));
        assertEquals(2 << 20, segment.byteSize());
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_LONG, 4096));
    }

    @Test
    void shouldGiveBackABlockAndNoMore() {
        try (HostMemory memory = HostMemory.reserve(4 << 20)) {
            Raw.putLong(memory.address(511) + 4088, 1);
            Raw.putLong(memory.address(512), 2);
            Raw.putLong(memory.address(1023) + 4088, 3);
            assertEquals(NativeCalls.givesBack(), memory.giveBack(512, 9));
            assertEquals(1, Raw.getLong(memory.address(511) + 4088));
            assertTrue(Raw.isZero(memory.address(512), 2 << 20));
            assertThrows(AssertionError.class, () -> memory.giveBack(1024, 0));
            assertThrows(AssertionError.class, () -> memory.giveBack(1, 1));
        }
    }

    @Test
    void shouldRefuseSizesThatCannotBe() {
        for (long bytes : new long[] {0, -4096, 4095, 4097, HostMemory.MAX_BYTES + 4096, Long.MAX_VALUE & -4096}) {
            GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> HostMemory.reserve(bytes));
            assertEquals(Errno.EINVAL, e.errno());
        }
    }

    @Test
    void shouldReportThatAddressSpaceIsShort() {
        GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> LazyMemory.reserve(1L << 60));
        assertEquals(Errno.ENOMEM, e.errno());
    }

    @Test
    void shouldRoundTablesUpToWholePages() {
        try (LazyMemory memory = LazyMemory.reserve(1)) {
            assertEquals(4096, memory.bytes());
            assertTrue(Raw.isZero(memory.address(), 4096));
        }
        assertThrows(GuestMemoryException.class, () -> LazyMemory.reserve(0));
        assertThrows(GuestMemoryException.class, () -> LazyMemory.reserve(Long.MAX_VALUE));
    }
}
