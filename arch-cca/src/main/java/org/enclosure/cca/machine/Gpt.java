package org.enclosure.cca.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// The granule protection table: the physical address space of each granule, host-wide, checked on every access.
///
/// A word holds sixteen granules, as a granules descriptor of the level-1 table does. Words are in chunks that come into
/// being when a granule of theirs leaves Non-secure for the first time.
///
/// ```
///  63  60 59         8 7    4 3    0
/// +------+------------+------+------+
/// |GPI 15|    ...     |GPI 1 |GPI 0 |
/// +------+------------+------+------+
/// ```
public final class Gpt {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int GPI_BITS = 4;
    private static final int GPI_MASK = 0xf;
    private static final int WORD_SHIFT = 4;
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_WORDS = 1 << CHUNK_SHIFT - WORD_SHIFT;
    private static final long ALL_NS = 0x9999_9999_9999_9999L;

    private final long limit;
    private final long[] @Nullable [] chunks;

    /// Creates the table for granules below `limit`, all Non-secure.
    public Gpt(long limit) {
        this.limit = limit;
        chunks = new long[Math.toIntExact((limit + (1 << CHUNK_SHIFT) - 1) >>> CHUNK_SHIFT)][];
    }

    /// The address space of a granule; [Pas#NONE] for one that there is not.
    public int pas(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return Pas.NONE;
        }
        long[] chunk = (long[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner chunk
        // ORDERING: acquire, partner move: who sees a granule in its new space sees it wiped
        long word = chunk == null ? ALL_NS : (long) WORD.getAcquire(chunk, index(pfn));
        return (int) (word >>> shift(pfn)) & GPI_MASK;
    }

    /// Moves a granule from one space to another.
    ///
    /// @return whether it was in the first
    boolean move(long pfn, int from, int to) {
        long[] chunk = chunk(pfn);
        int index = index(pfn);
        while (true) {
            long word = (long) WORD.getAcquire(chunk, index); // ORDERING: partner compareAndSet below
            if (((int) (word >>> shift(pfn)) & GPI_MASK) != from) {
                return false;
            }
            long changed = word & ~((long) GPI_MASK << shift(pfn)) | (long) to << shift(pfn);
            if (WORD.compareAndSet(chunk, index, word, changed)) { // ORDERING: partner pas
                return true;
            }
        }
    }

    private long[] chunk(long pfn) {
        int index = (int) (pfn >>> CHUNK_SHIFT);
        long[] chunk = (long[]) CHUNK.getAcquire(chunks, index); // ORDERING: partner compareAndExchange below
        if (chunk != null) {
            return chunk;
        }
        long[] fresh = new long[CHUNK_WORDS];
        Arrays.fill(fresh, ALL_NS);
        // ORDERING: release, partner pas
        long[] other = (long[]) CHUNK.compareAndExchange(chunks, index, (long[]) null, fresh);
        return other == null ? fresh : other;
    }

    private static int index(long pfn) {
        return (int) (pfn >>> WORD_SHIFT) & CHUNK_WORDS - 1;
    }

    private static int shift(long pfn) {
        return ((int) pfn & (1 << WORD_SHIFT) - 1) * GPI_BITS;
    }
}
