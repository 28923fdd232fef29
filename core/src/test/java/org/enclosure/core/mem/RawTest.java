package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RawTest {
    private final LazyMemory memory = LazyMemory.reserve(4 * 4096);
    private final long base = memory.address();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void shouldRefuseAddressesOutsideLiveMemoryWhenBounded() {
        ForkedJava java = ForkedJava.run(OutsideAccesses.class, "--enable-native-access=ALL-UNNAMED",
                "-Denclosure.memory=bounded");
        assertEquals("all refused\n", java.output());
    }

    @Test
    void shouldReadAndWriteLittleEndianAtAnyAlignment() {
        for (int i = 0; i < 9; i++) {
            Raw.putLong(base + i, 0x8877_6655_4433_2211L);
            assertEquals(0x8877_6655_4433_2211L, Raw.getLong(base + i));
            assertEquals(0x4433_2211, Raw.getInt(base + i));
            assertEquals(0x2211, Raw.getShort(base + i));
            assertEquals(0x11, Raw.getByte(base + i));
            Raw.putInt(base + i, 0x0403_0201);
            Raw.putShort(base + i + 4, (short) 0x0605);
            Raw.putByte(base + i + 6, (byte) 7);
            assertEquals(0x8807_0605_0403_0201L, Raw.getLong(base + i));
        }
    }

    @Test
    void shouldReadAndWriteAlignedLongsInEveryOrder() {
        long at = base + 4096;
        Raw.putLongOpaque(at, 1);
        assertEquals(1, Raw.getLongOpaque(at));
        Raw.putLongRelease(at, 0x1_0000_0002L);
        assertEquals(0x1_0000_0002L, Raw.getLongAcquire(at));
        assertFalse(Raw.compareAndSetLong(at, 2, 9));
        assertTrue(Raw.compareAndSetLong(at, 0x1_0000_0002L, 9));
        assertEquals(9, Raw.getLong(at));
        assertEquals(0, Raw.getLong(at - 8));
        assertEquals(0, Raw.getLong(at + 8));
    }

    @Test
    void shouldReadAndWriteAlignedIntsInEveryOrder() {
        long at = base + 4100;
        Raw.putIntRelease(at, 2);
        assertEquals(2, Raw.getIntAcquire(at));
        assertEquals(2, Raw.getIntVolatile(at));
        assertFalse(Raw.compareAndSetInt(at, 1, 9));
        assertTrue(Raw.compareAndSetInt(at, 2, 9));
        assertEquals(9L << 32, Raw.getLong(at - 4));
        assertEquals(0, Raw.getInt(at + 4));
    }

    @Test
    void shouldRefuseUnalignedOrderedAccesses() {
        assertThrows(IllegalArgumentException.class, () -> Raw.getLongAcquire(base + 4));
        assertThrows(IllegalArgumentException.class, () -> Raw.putIntRelease(base + 2, 1));
    }

    @Test
    void shouldZeroExactlyTheRange() {
        for (long bytes : new long[] {0, 1, 8, 4095, 4096, 4097, 3 * 4096}) {
            for (int i = 0; i < 4 * 512; i++) {
                Raw.putLong(base + 8L * i, ~0L);
            }
            Raw.zero(base + 8, bytes);
            assertEquals(-1, Raw.getByte(base + 7));
            assertEquals(-1, Raw.getByte(base + 8 + bytes));
            assertTrue(Raw.isZero(base + 8, bytes & -8), bytes + " bytes");
            assertEquals(bytes == 0 ? -1 : 0, Raw.getByte(base + 8 + Math.max(0, bytes - 1)));
        }
    }

    @Test
    void shouldSeeASingleBitThatIsNotZero() {
        assertTrue(Raw.isZero(base, 4096));
        Raw.putByte(base + 4095, (byte) 0x80);
        assertFalse(Raw.isZero(base, 4096));
        assertTrue(Raw.isZero(base, 4088));
    }

    @Test
    void shouldCopyBetweenMemoryAndArrays() {
        byte[] bytes = {1, 2, 3, 4, 5};
        Raw.copy(bytes, 1, base + 10, 3);
        Raw.copy(base + 10, base + 8203, 3);
        byte[] back = new byte[5];
        Raw.copy(base + 8202, back, 0, 5);
        assertArrayEquals(new byte[] {0, 2, 3, 4, 0}, back);
    }
}
