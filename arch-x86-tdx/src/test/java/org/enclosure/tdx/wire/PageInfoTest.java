package org.enclosure.tdx.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageInfoTest {
    private static boolean isLegal(long operand, int gpaw) {
        return PageInfo.isLegal(operand, 0, 1, gpaw);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x1008, 0x1800, 0x20_1001, 0x2, 0x3, 0x7, 1L << 52, 1L << 63, 0xfff, -1})
    void shouldRefuseReservedBitsLevelsAndMisalignment(long operand) {
        assertFalse(isLegal(operand, 48));
        assertFalse(isLegal(operand, 52));
    }

    @Test
    void shouldTellPrivateFromSharedByTheWidth() {
        assertEquals(1L << 47, PageInfo.sharedBit(48));
        assertEquals(1L << 51, PageInfo.sharedBit(52));
        assertFalse(isLegal(1L << 47, 48));
        assertTrue(isLegal(1L << 47, 52));
        assertFalse(isLegal(1L << 51, 52));
        assertFalse(isLegal(1L << 48, 48));
        assertTrue(isLegal(1L << 48, 52));
        assertTrue(isLegal((1L << 47) - 0x1000, 48));
    }

    @Test
    void shouldAlignToTheLevel() {
        assertTrue(isLegal(0x20_0001, 48));
        assertFalse(isLegal(0x20_1001, 48));
        assertEquals(1L << 39, PageInfo.size(3));
        assertTrue(PageInfo.isLegal(3, 1, 3, 48));
        assertFalse(PageInfo.isLegal(4, 1, 3, 48));
    }
}
