package org.enclosure.core.mem;

/// Finds free memory that was written, 2M at a time, for [FrameAllocator#trim()].
///
/// Chunks of 2M that are about to be given back are lent: they are in no free block and nobody owns them, so that the slow
/// native call runs outside the allocator's lock. The allocator's lock guards everything, except [#giveBack(HostMemory)],
/// which works on what is lent; one thread trims at a time. Nothing allocates.
final class FrameTrim {
    static final int CHUNK_ORDER = 9;

    /// How many chunks one native call gives back, and how many are looked at under one lock.
    private static final int BATCH = 32;

    /// Bit n: chunk n may have free frames that were written.
    private final SummaryBits dirty;
    private final long chunks;
    private long cursor;
    private long first;
    private long lent;

    FrameTrim(long address, long frames) {
        chunks = chunks(frames);
        dirty = new SummaryBits(address, chunks);
    }

    private static long chunks(long frames) {
        return (frames >>> CHUNK_ORDER) + 1;
    }

    static long bytes(long frames) {
        return SummaryBits.bytes(chunks(frames));
    }

    void noteDirty(long pfn, int order) {
        long chunk = pfn >>> CHUNK_ORDER;
        long end = pfn + (1L << order) - 1 >>> CHUNK_ORDER;
        for (; chunk <= end; chunk++) {
            dirty.set(chunk);
        }
    }

    /// Starts over at the lowest chunk.
    void restart() {
        cursor = 0;
    }

    /// How many chunks are lent.
    long lent() {
        return lent;
    }

    /// Lends the next run of chunks that are dirty and wholly free, or none if the next few chunks are not.
    ///
    /// @return false when nothing is lent and nothing is left to look at
    boolean lend(BuddyIndex buddies) {
        for (int looked = 0; looked < BATCH; looked++) {
            long chunk = dirty.next(cursor);
            if (chunk < 0) {
                return lent != 0;
            }
            if (lent != 0 && chunk != first + lent) {
                return true;
            }
            int holder = buddies.orderOf(chunk << CHUNK_ORDER, CHUNK_ORDER);
            if (holder >= 0) {
                lendOne(buddies, chunk, holder);
            } else if (lent != 0) {
                return true;
            }
            cursor = chunk + 1;
        }
        return true;
    }

    private void lendOne(BuddyIndex buddies, long chunk, int holder) {
        buddies.carve(chunk << CHUNK_ORDER, CHUNK_ORDER, holder);
        if (lent == 0) {
            first = chunk;
        }
        lent++;
    }

    /// Gives what is lent back to the operating system.
    ///
    /// @return how many bytes it took; what it did not take was zeroed
    long giveBack(HostMemory memory) {
        long bytes = lent << CHUNK_ORDER + 12;
        return lent != 0 && NativeCalls.giveBack(memory.address(first << CHUNK_ORDER), bytes) ? bytes : 0;
    }

    /// Ends the loan: the chunks are free and known to be zero.
    void takeBack(BuddyIndex buddies, FrameStates states) {
        for (long chunk = first; lent > 0; chunk++, lent--) {
            states.update(chunk << CHUNK_ORDER, CHUNK_ORDER, 0, 0);
            dirty.clear(chunk);
            buddies.put(chunk << CHUNK_ORDER, CHUNK_ORDER);
        }
    }
}
