package org.enclosure.core.mem;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

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
        if (count > frames.freeFrames() >>> order) {
            return false;
        }
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
    /// @return whose they are; null if there are not as many
    public synchronized @Nullable HugeShare reserve(long count) {
        if (count > total - reserved) {
            return null;
        }
        reserved += count;
        return new HugeShare(this, count);
    }

    /// Pages are not set aside any more.
    synchronized void unreserve(long count) {
        reserved -= count;
    }

    /// Takes a page. Allocates nothing.
    ///
    /// @return its first frame, or [FrameAllocator#NONE]
    synchronized long take() {
        return free == 0 ? FrameAllocator.NONE : pfns[--free];
    }

    /// Gives a page back. One with failed memory leaves the pool.
    ///
    /// @return whether the pool has it
    synchronized boolean giveBack(long pfn) {
        if (frames.hasPoisoned(pfn, order)) {
            frames.free(pfn, order);
            total--;
            return false;
        }
        frames.markDirty(pfn, order);
        pfns[free++] = pfn;
        return true;
    }

    /// A frame has failed: a page with it leaves the pool if nobody has taken it.
    ///
    /// @return whether there was one
    public synchronized boolean dropFailed(long pfn) {
        for (int i = 0; i < free; i++) {
            if (pfn >>> order == pfns[i] >>> order) {
                long page = pfns[i];
                pfns[i] = pfns[--free];
                total--;
                frames.free(page, order);
                return true;
            }
        }
        return false;
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
