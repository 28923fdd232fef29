package org.enclosure.core.folio;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameBudget;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HugeShare;
import org.jspecify.annotations.Nullable;

/// Where the folios of a [FolioMap] come from: the host's free memory or a pool of huge pages, within a budget or not.
///
/// @param frames all frames of the host
/// @param pool what a pool has set aside, or null
/// @param budget the budget, or null
public record FolioSource(FrameAllocator frames, @Nullable HugeShare pool, @Nullable FrameBudget budget) {
    /// The host's free memory, without a limit.
    public FolioSource(FrameAllocator frames) {
        this(frames, null, null);
    }

    /// Whether a new folio may have an order.
    boolean offers(int order, int maxOrder) {
        return pool == null ? order <= maxOrder : order == pool.order();
    }

    /// The smallest order of a new folio.
    int smallestOrder() {
        return pool == null ? FolioEntries.ORDER_4K : pool.order();
    }

    /// Takes the frames of a new folio. Allocates no objects.
    ///
    /// @return the first, or [FrameAllocator#NONE]
    long take(int order, FrameMagazine magazine) {
        if (budget == null) {
            return takeFrames(order, magazine);
        }
        FrameBudget refusing = budget.charge(1L << order);
        if (refusing != null) {
            if (order == smallestOrder()) {
                refusing.countRefusal();
            }
            return FrameAllocator.NONE;
        }
        long pfn = takeFrames(order, magazine);
        if (pfn == FrameAllocator.NONE) {
            budget.uncharge(1L << order);
        }
        return pfn;
    }

    /// What has failed since it was put into a magazine is not used.
    private long takeFrames(int order, FrameMagazine magazine) {
        if (pool != null) {
            return pool.take();
        }
        long pfn = order == FolioEntries.ORDER_4K ? magazine.take() : frames.allocate(order);
        while (pfn != FrameAllocator.NONE && order == FolioEntries.ORDER_4K && frames.isPoisoned(pfn)) {
            frames.free(pfn, order);
            pfn = magazine.take();
        }
        return pfn;
    }

    /// Pages were taken out of the map.
    void removed(long pages) {
        if (budget != null) {
            budget.uncharge(pages);
        }
    }

    /// Gives a page of the pool back, whose frames came out of the map in pieces.
    ///
    /// @param pieces all pieces of one block, or none
    void giveBackBlock(FrameList pieces) {
        long first = Long.MAX_VALUE;
        while (!pieces.isEmpty()) {
            first = Math.min(first, pieces.pop());
        }
        if (pool != null && first != Long.MAX_VALUE) {
            pool.giveBack(first);
        }
    }
}
