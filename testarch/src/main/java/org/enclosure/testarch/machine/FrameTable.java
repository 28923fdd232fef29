package org.enclosure.testarch.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/// The host-wide table: one [FrameWord] per frame, in chunks allocated at first use. Any thread, lock-free.
///
/// A claim of many frames is all or nothing without a lock: its words are tentative until they are committed or undone, and
/// whoever meets a tentative word is told BUSY.
public final class FrameTable {
    /// Released frames keep their bytes.
    public static final int KEEP = 0;
    /// Released frames hold a keyed function of their bytes and their address.
    public static final int SCRAMBLE = 1;
    /// Released frames are zeroed.
    public static final int WIPE = 2;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final PhysicalMemory memory;
    private final long limit;
    private final long[] @Nullable [] chunks;

    /// Creates the table for the frames of `memory` below `limit`.
    public FrameTable(PhysicalMemory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
        chunks = new long[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// Whether a run of frames is memory.
    public boolean exists(long pfn, long npages) {
        return pfn >= 0 && npages > 0 && npages <= limit && pfn <= limit - npages
                && memory.contains(pfn << Paging.PAGE_SHIFT, npages << Paging.PAGE_SHIFT);
    }

    /// The word of a frame; [FrameWord#HOST] also for one that does not exist.
    public long word(long pfn) {
        long[] chunk = pfn < 0 || pfn >= limit ? null : chunk(pfn);
        return chunk == null ? FrameWord.HOST : (long) WORD.getAcquire(chunk, (int) pfn & CHUNK_MASK); // ORDERING: partner cas
    }

    /// Claims a run of frames for consecutive gfns. On SUCCESS the words are tentative: [#commit] or [#undo] has to follow.
    ///
    /// @return SUCCESS, ALREADY, BUSY, FOREIGN, SIZE_MISMATCH, MISMATCH or BAD_OPERAND; all but the first changed nothing
    public int claim(long pfn, long npages, long gfn, int owner, long flags) {
        if (!exists(pfn, npages)) {
            return Code.BAD_OPERAND;
        }
        long fresh = 0;
        for (long i = 0; i < npages; i++) {
            int answer = claimOne(pfn + i, FrameWord.of(owner, gfn + i, flags));
            if (answer == Code.SUCCESS) {
                fresh++;
            } else if (answer != Code.ALREADY) {
                undo(pfn, i);
                return answer;
            }
        }
        return fresh == 0 ? Code.ALREADY : Code.SUCCESS;
    }

    /// Checks that a run of frames is the host's: SUCCESS, FOREIGN or BAD_OPERAND.
    public int checkHost(long pfn, long npages) {
        if (!exists(pfn, npages)) {
            return Code.BAD_OPERAND;
        }
        return firstForeign(pfn, npages, 0) < 0 ? Code.SUCCESS : Code.FOREIGN;
    }

    /// Makes a claim final.
    public void commit(long pfn, long npages) {
        for (long at = pfn; at < pfn + npages; at++) {
            and(at, ~FrameWord.TENTATIVE);
        }
    }

    /// Takes a claim back: tentative words are the host's again.
    public void undo(long pfn, long npages) {
        for (long at = pfn; at < pfn + npages; at++) {
            if ((word(at) & FrameWord.TENTATIVE) != 0) {
                and(at, 0);
            }
        }
    }

    /// Claims and commits in one step: for frames that nothing has to be done to in between.
    public int assign(long pfn, long npages, long gfn, int owner, long flags) {
        int answer = claim(pfn, npages, gfn, owner, flags);
        if (answer == Code.SUCCESS) {
            commit(pfn, npages);
        }
        return answer;
    }

    /// Gives the frames of a run that are `owner`'s pages back to the host.
    ///
    /// @param content [#KEEP], [#SCRAMBLE] or [#WIPE]
    /// @return how many there were
    public long release(long pfn, long npages, int owner, int content) {
        long released = 0;
        for (long at = pfn, end = exists(pfn, npages) ? pfn + npages : pfn; at < end; at++) {
            long word = word(at);
            if (FrameWord.owner(word) == owner && (word & FrameWord.STRUCTURE) == 0) {
                dispose(at << Paging.PAGE_SHIFT, content);
                and(at, 0);
                released++;
            }
        }
        return released;
    }

    /// Gives the frame of a table or control page back; SUCCESS, or MISMATCH if it is none.
    public int releaseStructure(long pfn) {
        if ((word(pfn) & FrameWord.STRUCTURE) == 0) {
            return Code.MISMATCH;
        }
        and(pfn, 0);
        return Code.SUCCESS;
    }

    /// The first frame of a run that is neither the host's nor `owner`'s, or -1.
    public long firstForeign(long pfn, long npages, int owner) {
        for (long at = pfn, end = exists(pfn, npages) ? pfn + npages : pfn; at < end; at++) {
            long word = word(at);
            if (word != FrameWord.HOST && FrameWord.owner(word) != owner) {
                return at;
            }
        }
        return -1;
    }

    /// Sets or clears ACCEPTED of a run; SUCCESS or ALREADY.
    public int accept(long pfn, long npages, boolean accepted) {
        boolean changed = false;
        for (long at = pfn; at < pfn + npages; at++) {
            long before = accepted ? or(at, FrameWord.ACCEPTED) : and(at, ~FrameWord.ACCEPTED);
            changed |= (before & FrameWord.ACCEPTED) != 0 != accepted;
        }
        return changed ? Code.SUCCESS : Code.ALREADY;
    }

    /// Makes 512 small frames of a large one; SUCCESS or ALREADY.
    public int split(long pfn) {
        long first = Paging.floor(pfn, Paging.LEVEL_2M);
        if ((word(first) & FrameWord.LARGE) == 0) {
            return Code.ALREADY;
        }
        for (long at = first; at < first + Paging.PAGES_PER_2M; at++) {
            and(at, ~FrameWord.LARGE);
        }
        return Code.SUCCESS;
    }

    /// Poisons a frame if its word still is `expected`.
    public boolean poison(long pfn, long expected) {
        return cas(pfn, expected, expected | FrameWord.POISONED);
    }

    /// Replaces a word; for tests of what happens then.
    public void force(long pfn, long word) {
        and(pfn, 0);
        or(pfn, word);
    }

    /// The word that reading `plain` at `pa` without the key gives.
    public static long scrambled(long pa, long plain) {
        long x = plain ^ pa * 0x9e37_79b9_7f4a_7c15L;
        x = (x ^ x >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        x = (x ^ x >>> 27) * 0x94d0_49bb_1331_11ebL;
        return x ^ x >>> 31;
    }

    /// Puts content into frames.
    ///
    /// @param source address of the content, `pa` to leave it, -1 to zero it
    public void fill(long pa, long source, long bytes) {
        if (source < 0) {
            memory.zero(pa, bytes);
        } else if (source != pa) {
            memory.copy(source, pa, bytes);
        }
    }

    private void dispose(long pa, int content) {
        if (content == WIPE) {
            memory.zero(pa, Paging.PAGE_SIZE);
        } else if (content == SCRAMBLE) {
            for (long at = pa; at < pa + Paging.PAGE_SIZE; at += Long.BYTES) {
                memory.putLong(at, scrambled(at, memory.getLong(at)));
            }
        }
    }

    private int claimOne(long pfn, long wanted) {
        if (cas(pfn, FrameWord.HOST, wanted | FrameWord.TENTATIVE)) {
            return Code.SUCCESS;
        }
        long seen = word(pfn);
        if ((seen & FrameWord.TENTATIVE) != 0 || seen == FrameWord.HOST) {
            return Code.BUSY;
        }
        if (FrameWord.owner(seen) != FrameWord.owner(wanted)) {
            return Code.FOREIGN;
        }
        long difference = FrameWord.claimed(seen) ^ FrameWord.claimed(wanted);
        return difference == 0 ? Code.ALREADY : difference == FrameWord.LARGE ? Code.SIZE_MISMATCH : Code.MISMATCH;
    }

    private boolean cas(long pfn, long expected, long word) {
        return WORD.compareAndSet(materialize(pfn), (int) pfn & CHUNK_MASK, expected, word); // ORDERING: partner word
    }

    private long or(long pfn, long bits) {
        return (long) WORD.getAndBitwiseOr(materialize(pfn), (int) pfn & CHUNK_MASK, bits); // ORDERING: partner word
    }

    private long and(long pfn, long bits) {
        return (long) WORD.getAndBitwiseAnd(materialize(pfn), (int) pfn & CHUNK_MASK, bits); // ORDERING: partner word
    }

    private long @Nullable [] chunk(long pfn) {
        return (long[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner materialize
    }

    private long[] materialize(long pfn) {
        long[] chunk = chunk(pfn);
        if (chunk != null) {
            return chunk;
        }
        long[] fresh = new long[1 << CHUNK_SHIFT];
        long[] seen = (long[]) CHUNK.compareAndExchange(chunks, (int) (pfn >>> CHUNK_SHIFT), null, fresh); // ORDERING: partner chunk
        return seen == null ? fresh : seen;
    }
}
