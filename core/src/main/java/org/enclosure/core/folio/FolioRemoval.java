package org.enclosure.core.folio;

import static org.enclosure.core.folio.FolioEntries.HOLE;
import static org.enclosure.core.folio.FolioEntries.ORDER_1G;
import static org.enclosure.core.folio.FolioEntries.ORDER_4K;
import static org.enclosure.core.folio.FolioEntries.ORDER_STEP;
import static org.enclosure.core.folio.FolioEntries.PRESENT;
import static org.enclosure.core.folio.FolioEntries.TABLE;
import static org.enclosure.core.folio.FolioEntries.pfn;
import static org.enclosure.core.folio.FolioEntries.replace;
import static org.enclosure.core.folio.FolioEntries.seize;
import static org.enclosure.core.folio.FolioEntries.settle;
import static org.enclosure.core.folio.FolioEntries.state;
import static org.enclosure.core.folio.FolioEntries.store;

import org.enclosure.core.mem.FrameList;

/// Takes folios out of a [FolioMap], for its mutator.
final class FolioRemoval {
    private final FolioEntries entries;
    private final FolioShape shape;

    FolioRemoval(FolioEntries entries, FolioShape shape) {
        this.entries = entries;
        this.shape = shape;
    }

    long remove(long start, long end, FrameList removed) {
        long pages = 0;
        long at = start;
        while (at < end) {
            long slab = entries.slab(at);
            if (slab == 0) {
                at = entries.nextSlab(at);
            } else {
                long next = Math.min(end, FolioEntries.blockEnd(at, ORDER_1G));
                pages += removeBlock(slab, at, next, ORDER_1G, removed);
                at = next;
            }
        }
        return pages;
    }

    /// Pages `[start, end)` of one block of an order above 0.
    private long removeBlock(long slab, long start, long end, int order, FrameList removed) {
        long address = entries.address(slab, start, order);
        return end - start == 1L << order
                ? removeWhole(address, slab, start, end, order, removed)
                : removePart(address, slab, start, end, order, removed);
    }

    private long removeWhole(long address, long slab, long start, long end, int order, FrameList removed) {
        int entry = seize(address);
        if (entry == HOLE) {
            return 0;
        }
        long pages = 1L << order;
        if (entry == TABLE) {
            pages = removeBelow(slab, start, end, order, removed);
        } else {
            removed.push(pfn(entry), order);
        }
        store(address, HOLE);
        return pages;
    }

    private long removePart(long address, long slab, long start, long end, int order, FrameList removed) {
        shape.split(start, order - ORDER_STEP);
        if (settle(address) != TABLE) {
            return 0; // a hole, or a folio that came after the split found one: after this removal
        }
        long pages = removeBelow(slab, start, end, order, removed);
        shape.collapse(slab, start, order);
        return pages;
    }

    private long removeBelow(long slab, long start, long end, int order, FrameList removed) {
        int below = order - ORDER_STEP;
        if (below == ORDER_4K) {
            return removeBase(slab, start, end, removed);
        }
        long pages = 0;
        for (long at = start; at < end;) {
            long next = Math.min(end, FolioEntries.blockEnd(at, below));
            pages += removeBlock(slab, at, next, below, removed);
            at = next;
        }
        return pages;
    }

    private long removeBase(long slab, long start, long end, FrameList removed) {
        long pages = 0;
        long address = entries.address(slab, start, ORDER_4K);
        for (long at = start; at < end; at++) {
            int entry = takeOut(address);
            if (entry != HOLE) {
                removed.push(pfn(entry), ORDER_4K);
                pages++;
            }
            address += Integer.BYTES;
        }
        return pages;
    }

    private static int takeOut(long address) {
        while (true) {
            int entry = settle(address);
            if (entry == HOLE) {
                return HOLE;
            }
            if (state(entry) == PRESENT) {
                store(address, HOLE); // nobody but the mutator changes a folio that has been zeroed
                return entry;
            }
            if (replace(address, entry, HOLE)) {
                return entry;
            }
        }
    }
}
