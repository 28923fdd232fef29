package org.enclosure.core.folio;

import static org.enclosure.core.folio.FolioEntries.ORDER_1G;
import static org.enclosure.core.folio.FolioEntries.ORDER_4K;
import static org.enclosure.core.folio.FolioEntries.ORDER_STEP;
import static org.enclosure.core.folio.FolioEntries.TABLE;
import static org.enclosure.core.folio.FolioEntries.isPresent;
import static org.enclosure.core.folio.FolioEntries.load;
import static org.enclosure.core.folio.FolioEntries.settle;

/// Looks through the entries of a [FolioMap] for pages that are there.
final class FolioScan {
    private final FolioEntries entries;

    FolioScan(FolioEntries entries) {
        this.entries = entries;
    }

    long nextPresent(long pgoff, long end) {
        long at = pgoff;
        while (at < end) {
            long slab = entries.slab(at);
            if (slab == 0) {
                at = entries.nextSlab(at);
                continue;
            }
            int order = ORDER_1G;
            int entry = settle(entries.address(slab, at, order));
            while (entry == TABLE) {
                order -= ORDER_STEP;
                entry = settle(entries.address(slab, at, order));
            }
            if (isPresent(entry)) {
                return at;
            }
            at = FolioEntries.blockEnd(at, order);
        }
        return end;
    }

    /// Where a run of consecutive frames that begins with a page of order 0 stops: at most `end`, which lies in the same 2M.
    long smallRunEnd(long pgoff, long end, long pfn) {
        long address = entries.address(entries.slab(pgoff), pgoff, ORDER_4K);
        long expected = pfn;
        long at = pgoff + 1;
        for (; at < end; at++) {
            address += Integer.BYTES;
            int entry = load(address);
            if (!isPresent(entry) || FolioEntries.pfn(entry) != ++expected) {
                return at;
            }
        }
        return at;
    }

    long presentPages() {
        long count = 0;
        for (long at = 0; at < entries.pages; at = FolioEntries.blockEnd(at, ORDER_1G)) {
            at = entries.nextSlab(at);
            if (at < entries.pages) {
                count += presentPages(entries.slab(at), at, ORDER_1G);
            }
        }
        return count;
    }

    private long presentPages(long slab, long block, int order) {
        int entry = load(entries.address(slab, block, order));
        if (isPresent(entry)) {
            return 1L << order;
        }
        if (entry != TABLE) {
            return 0;
        }
        int below = order - ORDER_STEP;
        long end = block + (1L << order);
        return below == ORDER_4K ? presentBase(slab, block, end) : presentHuge(slab, block, end, below);
    }

    private long presentHuge(long slab, long block, long end, int order) {
        long count = 0;
        for (long at = block; at < end; at += 1L << order) {
            count += presentPages(slab, at, order);
        }
        return count;
    }

    private long presentBase(long slab, long block, long end) {
        long count = 0;
        for (long address = entries.address(slab, block, ORDER_4K), last = address
                + (end - block) * Integer.BYTES; address < last; address += Integer.BYTES) {
            count += isPresent(load(address)) ? 1 : 0;
        }
        return count;
    }
}
