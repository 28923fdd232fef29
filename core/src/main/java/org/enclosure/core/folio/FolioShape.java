package org.enclosure.core.folio;

import static org.enclosure.core.folio.FolioEntries.HOLE;
import static org.enclosure.core.folio.FolioEntries.ORDER_1G;
import static org.enclosure.core.folio.FolioEntries.ORDER_2M;
import static org.enclosure.core.folio.FolioEntries.ORDER_STEP;
import static org.enclosure.core.folio.FolioEntries.TABLE;
import static org.enclosure.core.folio.FolioEntries.entry;
import static org.enclosure.core.folio.FolioEntries.isPresent;
import static org.enclosure.core.folio.FolioEntries.loadVolatile;
import static org.enclosure.core.folio.FolioEntries.pfn;
import static org.enclosure.core.folio.FolioEntries.replace;
import static org.enclosure.core.folio.FolioEntries.seize;
import static org.enclosure.core.folio.FolioEntries.settle;
import static org.enclosure.core.folio.FolioEntries.state;
import static org.enclosure.core.folio.FolioEntries.store;

import org.enclosure.api.Paging;

/// Moves folios between an entry and the 512 entries below it: split, merge, and collapse of a table that has become empty.
///
/// For the mutator of a [FolioMap]; the upper entry is BUSY meanwhile.
final class FolioShape {
    private static final int CHILDREN = 1 << Paging.LEVEL_SHIFT;
    private static final int ENTRY_BYTES = Integer.BYTES;

    private final FolioEntries entries;

    FolioShape(FolioEntries entries) {
        this.entries = entries;
    }

    /// Splits the folio of a page until it is not larger than `order`.
    void split(long pgoff, int order) {
        long slab = entries.slab(pgoff);
        if (slab == 0) {
            return;
        }
        for (int at = ORDER_1G; at > order; at -= ORDER_STEP) {
            long address = entries.address(slab, pgoff, at);
            if (settle(address) == TABLE) {
                continue;
            }
            int entry = seize(address);
            if (entry == HOLE) {
                return;
            }
            if (isPresent(entry)) {
                distribute(entry, slab, pgoff, at);
            }
            store(address, TABLE);
        }
    }

    private void distribute(int entry, long slab, long pgoff, int order) {
        long child = firstChild(slab, pgoff, order);
        long pfn = pfn(entry);
        for (int i = 0; i < CHILDREN; i++) {
            put(child, entry(pfn, state(entry)));
            child += ENTRY_BYTES;
            pfn += 1L << order - ORDER_STEP;
        }
    }

    /// Fills a hole below a BUSY entry. A late claim of it gives way.
    private static void put(long address, int entry) {
        while (!replace(address, HOLE, entry)) {
            int found = settle(address);
            if (found != HOLE) {
                throw new AssertionError("an entry below a huge folio is not a hole: 0x" + Integer.toHexString(found));
            }
        }
    }

    private long firstChild(long slab, long pgoff, int order) {
        return entries.address(slab, FolioEntries.block(pgoff, order), order - ORDER_STEP);
    }

    boolean merge(long pgoff, int order) {
        long slab = entries.slab(pgoff);
        if (slab == 0 || FolioEntries.blockEnd(pgoff, order) > entries.pages) {
            return false;
        }
        if (order == ORDER_2M) {
            int above = settle(entries.address(slab, pgoff, ORDER_1G));
            if (above != TABLE) {
                return isPresent(above);
            }
        }
        long address = entries.address(slab, pgoff, order);
        int entry = settle(address);
        return entry == TABLE ? mergeBelow(address, slab, pgoff, order) : isPresent(entry);
    }

    /// A table stays one, or becomes a hole, by the mutator alone: so it is one still.
    private boolean mergeBelow(long address, long slab, long pgoff, int order) {
        seize(address);
        long child = firstChild(slab, pgoff, order);
        int first = settle(child);
        boolean isOne = isBlock(child, first, order) && gather(child, first, order);
        store(address, isOne ? first : TABLE);
        return isOne;
    }

    private static boolean isBlock(long child, int first, int order) {
        if (!isPresent(first) || pfn(first) != FolioEntries.block(pfn(first), order)) {
            return false;
        }
        for (int i = 1; i < CHILDREN; i++) {
            if (settle(child + (long) i * ENTRY_BYTES) != child(first, i, order)) {
                return false;
            }
        }
        return true;
    }

    private static int child(int first, int i, int order) {
        return entry(pfn(first) + ((long) i << order - ORDER_STEP), state(first));
    }

    /// Makes holes of all entries below; puts back what it took if one of them is being zeroed just now.
    private static boolean gather(long child, int first, int order) {
        for (int i = 0; i < CHILDREN; i++) {
            if (!replace(child + (long) i * ENTRY_BYTES, child(first, i, order), HOLE)) {
                for (int back = 0; back < i; back++) {
                    put(child + (long) back * ENTRY_BYTES, child(first, back, order));
                }
                return false;
            }
        }
        return true;
    }

    /// Makes a hole of a table if all entries below it are holes, so that a huge folio fits again.
    void collapse(long slab, long pgoff, int order) {
        long address = entries.address(slab, pgoff, order);
        if (isEmpty(slab, pgoff, order)) {
            seize(address);
            store(address, isEmpty(slab, pgoff, order) ? HOLE : TABLE);
        }
    }

    private boolean isEmpty(long slab, long pgoff, int order) {
        long child = firstChild(slab, pgoff, order);
        for (int i = 0; i < CHILDREN; i++) {
            if (loadVolatile(child + (long) i * ENTRY_BYTES) != HOLE) {
                return false;
            }
        }
        return true;
    }
}
