package org.enclosure.pkvm.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.pkvm.wire.HypPage;
import org.jspecify.annotations.Nullable;

/// EL2's array of page records, one [HypPage] word per frame of the machine, in chunks that come at their first change. Written
/// under EL2's lock, read without.
final class HypPages {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final long limit;
    private final long[] @Nullable [] chunks;

    HypPages(long limit) {
        this.limit = limit;
        chunks = new long[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// The record of a frame; that of an untouched one also where there is no frame.
    long word(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return HypPage.INITIAL;
        }
        long[] chunk = (long[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner set
        return chunk == null ? HypPage.INITIAL : (long) WORD.getAcquire(chunk, (int) pfn & CHUNK_MASK); // ORDERING: partner set
    }

    /// Writes the record of a frame that exists, under the lock.
    void set(long pfn, long word) {
        int index = (int) (pfn >>> CHUNK_SHIFT);
        long[] chunk = chunks[index];
        if (chunk == null) {
            chunk = new long[1 << CHUNK_SHIFT];
            CHUNK.setRelease(chunks, index, chunk); // ORDERING: partner word
        }
        WORD.setRelease(chunk, (int) pfn & CHUNK_MASK, word); // ORDERING: partner word
    }
}
