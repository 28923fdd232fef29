package org.enclosure.cca.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/// Which realm the host has given a frame to, host-wide: the RMM knows that a granule is DATA, but not whose. A frame is
/// claimed before it is delegated and released after it came back, so of two realms that want one frame only one goes on.
final class FrameOwners {
    /// Nobody's.
    static final int NOBODY = 0;

    private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(int[][].class);
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final long limit;
    private final int[] @Nullable [] chunks;

    FrameOwners(long limit) {
        this.limit = limit;
        chunks = new int[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// The owner of a frame.
    int owner(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return NOBODY;
        }
        int[] chunk = (int[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner chunk
        return chunk == null ? NOBODY : (int) OWNER.getAcquire(chunk, (int) pfn & CHUNK_MASK); // ORDERING: partner claim
    }

    /// Takes a frame that is nobody's.
    ///
    /// @return NOBODY on success, else who has it
    int claim(long pfn, int owner) {
        if (pfn < 0 || pfn >= limit) {
            return NOBODY;
        }
        // ORDERING: partner release: who takes a frame sees it undelegated
        return (int) OWNER.compareAndExchange(chunk(pfn), (int) pfn & CHUNK_MASK, NOBODY, owner);
    }

    /// Gives a frame back that the caller has claimed.
    void release(long pfn) {
        OWNER.setRelease(chunk(pfn), (int) pfn & CHUNK_MASK, NOBODY); // ORDERING: partner claim
    }

    private int[] chunk(long pfn) {
        int index = (int) (pfn >>> CHUNK_SHIFT);
        int[] chunk = (int[]) CHUNK.getAcquire(chunks, index); // ORDERING: partner compareAndExchange below
        if (chunk != null) {
            return chunk;
        }
        int[] fresh = new int[1 << CHUNK_SHIFT];
        int[] other = (int[]) CHUNK.compareAndExchange(chunks, index, (int[]) null, fresh); // ORDERING: partner owner
        return other == null ? fresh : other;
    }
}
