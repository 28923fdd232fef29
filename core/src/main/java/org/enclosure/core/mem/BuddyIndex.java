package org.enclosure.core.mem;

/// Which blocks are free: a binary buddy system over bitmaps, one [SummaryBits] per order.
///
/// A free block of order n at `pfn` is bit `pfn >>> n` of map n and no bit of any other map; two free buddies are always
/// one block of the next order. Bitmaps instead of lists through the frames give three things: the block that is handed
/// out is the lowest that fits, a buddy is found by one load, and untouched memory needs no entry.
///
/// The caller's lock guards it; nothing allocates.
final class BuddyIndex {
    static final int MAX_ORDER = 18;

    private final SummaryBits[] free = new SummaryBits[MAX_ORDER + 1];
    /// Bit n: there is a free block of order n.
    private int orders;

    /// Lays an index over zeroed memory; all frames are free.
    ///
    /// @param address of [#bytes(long)] bytes
    BuddyIndex(long address, long frames) {
        // Large orders first: their maps are small and share the first pages.
        long next = address;
        for (int order = MAX_ORDER; order >= 0; order--) {
            free[order] = new SummaryBits(next, blocks(frames, order));
            next += SummaryBits.bytes(blocks(frames, order));
        }
        fill(frames);
    }

    private void fill(long frames) {
        long pfn = 0;
        for (int order = MAX_ORDER; order >= 0; order--) {
            for (; frames - pfn >= 1L << order; pfn += 1L << order) {
                insert(order, pfn >>> order);
            }
        }
    }

    private static long blocks(long frames, int order) {
        return (frames >>> order) + 1;
    }

    /// How much memory an index needs.
    static long bytes(long frames) {
        long sum = 0;
        for (int order = 0; order <= MAX_ORDER; order++) {
            sum += SummaryBits.bytes(blocks(frames, order));
        }
        return sum;
    }

    private void insert(int order, long block) {
        free[order].set(block);
        orders |= 1 << order;
    }

    private void remove(int order, long block) {
        SummaryBits map = free[order];
        map.clear(block);
        if (map.isEmpty()) {
            orders &= ~(1 << order);
        }
    }

    /// The smallest order that has a free block and is not below `order`, or -1.
    int smallestFrom(int order) {
        int fitting = orders >>> order;
        return fitting == 0 ? -1 : order + Integer.numberOfTrailingZeros(fitting);
    }

    /// Takes a block: the lowest of the smallest order that fits.
    ///
    /// @return its first frame, or -1
    long take(int order) {
        int from = smallestFrom(order);
        if (from < 0) {
            return -1;
        }
        long block = free[from].first();
        remove(from, block);
        for (int split = from - 1; split >= order; split--) {
            block <<= 1;
            insert(split, block + 1);
        }
        return block << order;
    }

    /// Puts a block back and merges it with its free buddies.
    void put(long pfn, int order) {
        long block = pfn >>> order;
        int merged = order;
        while (merged < MAX_ORDER && free[merged].get(block ^ 1)) {
            remove(merged, block ^ 1);
            block >>>= 1;
            merged++;
        }
        insert(merged, block);
    }

    /// The order of the free block, of at least `order`, that a frame lies in, or -1.
    int orderOf(long pfn, int order) {
        for (int holder = order; holder <= MAX_ORDER; holder++) {
            if (free[holder].get(pfn >>> holder)) {
                return holder;
            }
        }
        return -1;
    }

    /// Takes one certain block out of the free block of order `from` that it lies in.
    void carve(long pfn, int order, int from) {
        remove(from, pfn >>> from);
        for (int split = from - 1; split >= order; split--) {
            insert(split, pfn >>> split ^ 1);
        }
    }
}
