package org.enclosure.core.folio;

import static org.enclosure.core.folio.FolioEntries.HOLE;
import static org.enclosure.core.folio.FolioEntries.ORDER_1G;
import static org.enclosure.core.folio.FolioEntries.ORDER_STEP;
import static org.enclosure.core.folio.FolioEntries.TABLE;
import static org.enclosure.core.folio.FolioEntries.entry;
import static org.enclosure.core.folio.FolioEntries.pfn;
import static org.enclosure.core.folio.FolioEntries.replace;
import static org.enclosure.core.folio.FolioEntries.settle;
import static org.enclosure.core.folio.FolioEntries.state;

/// Changes folios of a [FolioMap] between PRESENT and PRESENT_UNZEROED, for its mutator.
final class FolioMarks {
    private final FolioEntries entries;
    private final FolioShape shape;

    FolioMarks(FolioEntries entries, FolioShape shape) {
        this.entries = entries;
        this.shape = shape;
    }

    void mark(long start, long end, int state) {
        long at = start;
        while (at < end) {
            long slab = entries.slab(at);
            if (slab == 0) {
                at = entries.nextSlab(at);
            } else {
                long next = Math.min(end, FolioEntries.blockEnd(at, ORDER_1G));
                markBlock(slab, at, next, ORDER_1G, state);
                at = next;
            }
        }
    }

    /// Pages `[start, end)` of one block of an order.
    private void markBlock(long slab, long start, long end, int order, int state) {
        long address = entries.address(slab, start, order);
        boolean isWhole = end - start == 1L << order;
        int entry = settle(address);
        while (entry != TABLE) {
            if (entry == HOLE || state(entry) == state
                    || isWhole && replace(address, entry, entry(pfn(entry), state))) {
                return;
            }
            if (!isWhole) {
                shape.split(start, order - ORDER_STEP);
            }
            entry = settle(address);
        }
        for (long at = start; at < end;) {
            long next = Math.min(end, FolioEntries.blockEnd(at, order - ORDER_STEP));
            markBlock(slab, at, next, order - ORDER_STEP, state);
            at = next;
        }
    }
}
