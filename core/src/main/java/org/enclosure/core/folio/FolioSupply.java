package org.enclosure.core.folio;

import static org.enclosure.core.folio.FolioEntries.BUSY;
import static org.enclosure.core.folio.FolioEntries.HOLE;
import static org.enclosure.core.folio.FolioEntries.PRESENT;
import static org.enclosure.core.folio.FolioEntries.PRESENT_UNZEROED;
import static org.enclosure.core.folio.FolioEntries.TABLE;
import static org.enclosure.core.folio.FolioEntries.entry;
import static org.enclosure.core.folio.FolioEntries.pfn;
import static org.enclosure.core.folio.FolioEntries.replace;
import static org.enclosure.core.folio.FolioEntries.store;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.translation.TranslationDomain;

/// Fills holes of a [FolioMap] and zeroes folios, each under its BUSY entry, which it gives up whatever happens.
final class FolioSupply {
    private final long pages;
    private final FolioSource source;
    private final FrameAllocator frames;

    FolioSupply(long pages, FolioSource source) {
        this.pages = pages;
        this.source = source;
        frames = source.frames();
    }

    /// Ends a claim.
    ///
    /// @return what the entry is now: a folio; TABLE where a smaller order has to do; HOLE where no frame is left
    int fill(long address, long pgoff, int order, int maxOrder, boolean zero, FrameMagazine magazine) {
        int entry = HOLE;
        try {
            boolean fits = source.offers(order, maxOrder) && FolioEntries.blockEnd(pgoff, order) <= pages;
            entry = fits ? newEntry(order, zero, magazine) : TABLE;
        } finally {
            store(address, entry);
        }
        return entry;
    }

    private int newEntry(int order, boolean zero, FrameMagazine magazine) {
        long pfn = source.take(order, magazine);
        if (pfn == FrameAllocator.NONE) {
            return order == source.smallestOrder() ? HOLE : TABLE;
        }
        if (zero) {
            frames.zero(pfn, order);
            return entry(pfn, PRESENT);
        }
        frames.markDirty(pfn, order); // others write it: what the allocator knows of it does not hold any longer
        return entry(pfn, PRESENT_UNZEROED);
    }

    /// Zeroes a folio.
    ///
    /// @return its entry now; BUSY if somebody else has changed it meanwhile
    int zero(long address, int entry, int order) {
        return replace(address, entry, BUSY) ? zeroSeized(address, entry, order) : BUSY;
    }

    /// Zeroes a folio unless an invalidation of its pages has begun since a snapshot.
    ///
    /// @param page the number of its first page in `domain`
    /// @return its entry now; BUSY if somebody else has changed it meanwhile
    int zeroIfStillValid(long address, int entry, int order, TranslationDomain domain, long page, long snapshot) {
        if (!replace(address, entry, BUSY)) {
            return BUSY;
        }
        if (domain.isStillValid(page, 1L << order, snapshot)) {
            return zeroSeized(address, entry, order);
        }
        store(address, entry);
        return entry;
    }

    private int zeroSeized(long address, int entry, int order) {
        int after = entry;
        try {
            frames.zero(pfn(entry), order);
            after = entry(pfn(entry), PRESENT);
        } finally {
            store(address, after);
        }
        return after;
    }
}
