package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;

/// The entries of the RMP as the firmware reads and writes them: a page without an entry reads as 0, and an entry is replaced only if it
/// still is what was checked.
final class FirmwareEntries {
    private final RmpTable table;

    FirmwareEntries(RmpTable table) {
        this.table = table;
    }

    /// The entry that counts for a page; 0 for one that is not covered.
    long lo(long pfn) {
        return table.covers(pfn) ? table.lo(pfn) : 0;
    }

    long hi(long pfn) {
        return table.hi(pfn);
    }

    boolean isCovered(long spa) {
        return table.covers(spa >>> Paging.PAGE_SHIFT);
    }

    /// Writes the entry of a page, whatever it was; of one that is not covered there is none.
    void force(long pfn, long lo) {
        if (table.covers(pfn)) {
            change(pfn, table.lo(pfn), lo, 0);
        }
    }

    /// Replaces the entry that counts for a page, if it is still what was checked.
    int change(long pfn, long expected, long lo, long hi) {
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return FirmwareCode.BUSY;
        }
        try {
            int index = (region.headLo() & RmpEntry.LARGE) != 0 ? 0 : RmpTable.index(pfn);
            if (((region.ownLo(index) ^ expected) & ~RmpEntry.COUNT_MASK) != 0) {
                return FirmwareCode.BUSY;
            }
            region.set(index, lo & ~RmpEntry.COUNT_MASK, hi);
            return FirmwareCode.SUCCESS;
        } finally {
            region.release();
        }
    }

    /// Makes a 4K Firmware page something else.
    int fromFirmware(long spa, long to) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        if (!isAligned(spa, false)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        if (PageState.of(lo) != PageState.FIRMWARE) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        return isLarge(lo) ? FirmwareCode.INVALID_PAGE_SIZE : change(pfn, lo, to, 0);
    }

    static boolean isLarge(long lo) {
        return (lo & RmpEntry.LARGE) != 0;
    }

    static boolean isAligned(long address, boolean large) {
        return (address & (large ? (Paging.PAGES_PER_2M << Paging.PAGE_SHIFT) - 1 : Paging.PAGE_MASK)) == 0;
    }
}
