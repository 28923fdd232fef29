package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.enclosure.spi.MemoryRange;
import org.enclosure.tdx.wire.PageType;
import org.junit.jupiter.api.Test;

/// What the PAMT takes: as much as the real one for a GiB that is in use in 4K pages, and next to nothing before.
class PamtSizeTest {
    private static final long GIB = 1L << 30;
    private static final long LARGE = 1L << 21;
    /// 16 bytes for the GiB, for each 2M, for each 4K.
    private static final long REAL = 16 * (1 + 512 + 512 * 512);

    @Test
    void shouldTakeAsMuchAsTheRealOneWhenAllIsInUse() {
        Pamt pamt = TdmrList.covering(List.of(new MemoryRange(0, 2 * GIB, MemoryRange.Kind.RAM))).pamt();
        long empty = pamt.bytes();
        assertTrue(empty <= 2 * 16 * 513, "an unused PAMT takes " + empty + " bytes");
        for (long pa = 0; pa < GIB; pa += LARGE) {
            long before = pamt.bytes();
            pamt.assign(pa, 0, PageType.REG, 0);
            assertEquals(before + 16 * 512, pamt.bytes(), "the 4K entries of one 2M");
        }
        long used = pamt.bytes() - empty / 2;
        assertTrue(Math.abs(used - REAL) <= REAL / 10, used + " bytes, the real one takes " + REAL);
    }

    @Test
    void shouldTakeNothingMoreForLargePages() {
        Pamt pamt = TdmrList.covering(List.of(new MemoryRange(0, GIB, MemoryRange.Kind.RAM))).pamt();
        long empty = pamt.bytes();
        for (long pa = 0; pa < GIB; pa += LARGE) {
            assertEquals(0, pamt.lock(pa, 1, true, 1));
            assertTrue(pamt.isFree(pa, 1));
            pamt.assign(pa, 1, PageType.REG, 0);
            pamt.unlock(pa, 1, true);
        }
        assertEquals(empty, pamt.bytes());
    }
}
