package org.enclosure.core.mem;

import java.util.Arrays;

/// Huge pages that are set aside. A page is reserved before it is taken, so that taking cannot fail unless memory has failed.
/// One short lock, a leaf but for the allocator's.
public final class HugePool {
    private final FrameAllocator frames;
    private final int order;
    private long[] pfns = {};
    private int free;
    private long total;
    private long reserved;

    /// Creates an empty pool of pages of an order.
    public HugePool(FrameAllocator frames, int order) {
        this.frames = frames;
        this.order = order;
    }

    /// Order of its pages.
    public int order() {
        return order;
    }

    /// Moves free memory into the pool.
    ///
    /// @return false if there was not enough; then the pool is as before
    public synchronized boolean grow(int count) {
        long[] more = new long[count];
        for (int i = 0; i < count; i++) {
            more[i] = frames.allocate(order);
            if (more[i] == FrameAllocator.NONE) {
                while (--i >= 0) {
                    frames.free(more[i], order);
                }
                return false;
            }
        }
        pfns = Arrays.copyOf(pfns, Math.toIntExact(total + count));
        System.arraycopy(more, 0, pfns, free, count);
        free += count;
        total += count;
        return true;
    }

    /// Sets pages aside.
    ///
    /// @return false if there are not as many
    public synchronized boolean reserve(long count) {
        if (count > total - reserved) {
            return false;
        }
        reserved += count;
        return true;
    }

    /// Gives a reservation back, whose pages have been given back.
    public synchronized void unreserve(long count) {
        reserved -= count;
    }

    /// Takes a page. Allocates nothing.
    ///
    /// @return its first frame, or [FrameAllocator#NONE]
    public synchronized long take() {
        return free == 0 ? FrameAllocator.NONE : pfns[--free];
    }

    /// Gives a page back. One with failed memory leaves the pool.
    public synchronized void giveBack(long pfn) {
        if (frames.hasPoisoned(pfn, order)) {
            frames.free(pfn, order);
            total--;
        } else {
            frames.markDirty(pfn, order);
            pfns[free++] = pfn;
        }
    }

    /// All pages.
    public synchronized long total() {
        return total;
    }

    /// Pages that are not taken.
    public synchronized long free() {
        return free;
    }

    /// Pages that are set aside.
    public synchronized long reserved() {
        return reserved;
    }
}
