package org.enclosure.core.mem;

/// The pages of a [HugePool] that are set aside for one store: it takes as many, and no page of another store. Any thread; its lock
/// stands before that of the pool. Nothing allocates.
public final class HugeShare {
    private final HugePool pool;
    private long reserved;
    private long taken;

    HugeShare(HugePool pool, long reserved) {
        this.pool = pool;
        this.reserved = reserved;
    }

    /// Order of its pages.
    public int order() {
        return pool.order();
    }

    /// Takes a page.
    ///
    /// @return its first frame; [FrameAllocator#NONE] where memory has failed, so that there are fewer pages than were promised
    public synchronized long take() {
        long pfn = taken == reserved ? FrameAllocator.NONE : pool.take();
        taken += pfn == FrameAllocator.NONE ? 0 : 1;
        return pfn;
    }

    /// Gives a page back. One with failed memory is lost to the store.
    public synchronized void giveBack(long pfn) {
        taken--;
        if (!pool.giveBack(pfn)) {
            reserved--;
            pool.unreserve(1);
        }
    }

    /// Ends the promise, when all pages were given back.
    public synchronized void close() {
        pool.unreserve(reserved);
        reserved = 0;
    }
}
