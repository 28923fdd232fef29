package org.enclosure.software;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/// Which VM a frame is private to: one word per frame of the host, in chunks that are allocated at first use.
///
/// ```
///  31 30                             0
/// +--+--------------------------------+
/// |T |  owner: 1 .. 2^31-1; 0 = nobody |
/// +--+--------------------------------+
/// ```
///
/// T, tentative, marks a claim of several frames that is not decided yet: the host is refused already, other claims try again.
/// It makes a claim of many frames atomic without a lock. Any thread may call; no call waits; only the first claim in a chunk
/// allocates.
final class FrameOwners {
    /// Nobody: the frame is the host's.
    static final int NOBODY = 0;
    /// Answer of [#claim]: the frames are the owner's now.
    static final int CLAIMED = 0;
    /// Answer of [#claim]: they all were the owner's before.
    static final int ALREADY = -1;
    /// Answer of [#claim]: another claim is under way; nothing changed.
    static final int BUSY = -2;
    /// Answer of [#claim]: not all of the frames exist; nothing changed.
    static final int NO_FRAME = -3;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(int[][].class);
    private static final int CHUNK_SHIFT = 15;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final int TENTATIVE = 1 << 31;

    private final int[] @Nullable [] chunks;
    private final long limit;

    /// Creates the record for the frames below `limit`.
    FrameOwners(long limit) {
        this.limit = limit;
        chunks = new int[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// The VM that a frame is, or is about to be, private to; [#NOBODY] also for a frame that does not exist.
    int owner(long pfn) {
        return exists(pfn, 1) ? word(pfn) & ~TENTATIVE : NOBODY;
    }

    /// Whether all of a run of frames exist.
    boolean exists(long pfn, long npages) {
        return pfn >= 0 && npages > 0 && npages <= limit && pfn <= limit - npages;
    }

    /// Makes a run of frames private to `owner`: all of them or none.
    ///
    /// @return [#CLAIMED], [#ALREADY], [#BUSY], [#NO_FRAME], or the owner (positive) that stands in the way
    int claim(long pfn, long npages, int owner) {
        if (!exists(pfn, npages)) {
            return NO_FRAME;
        }
        return npages == 1 ? claimOne(pfn, owner, owner) : claimRun(pfn, npages, owner);
    }

    /// Gives those frames of a run that are private to `owner` back to the host. The caller keeps claims of the same frames for
    /// the same owner out; claims of other owners may run.
    ///
    /// @return how many there were
    long release(long pfn, long npages, int owner) {
        long released = 0;
        for (long at = pfn, end = exists(pfn, npages) ? pfn + npages : pfn; at < end; at++) {
            int[] chunk = chunk(at);
            if (chunk == null) {
                at |= CHUNK_MASK;
            } else if ((int) WORD.getAcquire(chunk, (int) at & CHUNK_MASK) == owner) { // ORDERING: partner claimOne
                WORD.setRelease(chunk, (int) at & CHUNK_MASK, NOBODY); // ORDERING: partner claimOne, word
                released++;
            }
        }
        return released;
    }

    /// The first owner in a run of frames, or [#NOBODY].
    int firstOwner(long pfn, long npages) {
        for (long at = pfn, end = exists(pfn, npages) ? pfn + npages : pfn; at < end; at++) {
            if (chunk(at) == null) {
                at |= CHUNK_MASK;
            } else if (word(at) != NOBODY) {
                return word(at) & ~TENTATIVE;
            }
        }
        return NOBODY;
    }

    /// Sets the owner of one existing frame whoever had it: for tests of what happens then.
    void force(long pfn, int owner) {
        WORD.setVolatile(materialize(pfn), (int) pfn & CHUNK_MASK, owner); // ORDERING: partner claimOne, word
    }

    private int claimRun(long pfn, long npages, int owner) {
        long fresh = 0;
        for (long i = 0; i < npages; i++) {
            int answer = claimOne(pfn + i, owner, owner | TENTATIVE);
            if (answer == CLAIMED) {
                fresh++;
            } else if (answer != ALREADY) {
                settle(pfn, i, owner, NOBODY);
                return answer;
            }
        }
        settle(pfn, npages, owner, owner);
        return fresh == 0 ? ALREADY : CLAIMED;
    }

    private int claimOne(long pfn, int owner, int claimed) {
        int[] chunk = materialize(pfn);
        int seen = (int) WORD.compareAndExchange(chunk, (int) pfn & CHUNK_MASK, NOBODY, claimed); // ORDERING: partner release, word
        if (seen == NOBODY) {
            return CLAIMED;
        }
        return seen == owner ? ALREADY : seen < 0 ? BUSY : seen;
    }

    /// Decides the tentative words among the first `npages` of a run; nobody else changes those.
    private void settle(long pfn, long npages, int owner, int decided) {
        for (long at = pfn; at < pfn + npages; at++) {
            if (word(at) == (owner | TENTATIVE)) {
                WORD.setRelease(materialize(at), (int) at & CHUNK_MASK, decided); // ORDERING: partner claimOne, word
            }
        }
    }

    private int word(long pfn) {
        int[] chunk = chunk(pfn);
        return chunk == null ? NOBODY : (int) WORD.getAcquire(chunk, (int) pfn & CHUNK_MASK); // ORDERING: partner claimOne, release
    }

    private int @Nullable [] chunk(long pfn) {
        return (int[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner materialize
    }

    private int[] materialize(long pfn) {
        int[] chunk = chunk(pfn);
        if (chunk != null) {
            return chunk;
        }
        int[] fresh = new int[1 << CHUNK_SHIFT];
        int[] seen = (int[]) CHUNK.compareAndExchange(chunks, (int) (pfn >>> CHUNK_SHIFT), null, fresh); // ORDERING: partner chunk
        return seen == null ? fresh : seen;
    }
}
