package org.enclosure.snp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/// Under which guest's key the bytes of a page stand: what encryption alone, without an RMP, makes of a page (SEV and SEV-ES, AMD APM
/// volume 2, 15.34), and for which guest page the host gave it out. Nothing refuses an access: whoever has another key gets other
/// bytes. Any thread; chunks are allocated at first use.
///
/// ```
///  63   62                12 11   10    9        0
/// +----+--------------------+----+-----+----------+
/// |new |        gfn         |turn|seen |   ASID   |    0 = no key
/// +----+--------------------+----+-----+----------+
/// ```
///
/// `seen`: the bytes in memory are those without the key, because somebody wrote them so. `turn`: they are being turned. `new`: the run
/// that the page belongs to is being given out and may have to be taken back.
public final class KeyTable {
    /// No guest's key: the bytes are what they are.
    public static final int NONE = 0;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final long ASID_MASK = 0x3ff;
    private static final long SEEN = 1L << 10;
    private static final long TURNING = 1L << 11;
    private static final long NEW = 1L << 63;

    private final PhysicalMemory memory;
    private final long limit;
    private final long[] @Nullable [] chunks;

    KeyTable(PhysicalMemory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
        chunks = new long[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// The ASID whose key a page's bytes are under, or [#NONE].
    public int key(long pfn) {
        return (int) (word(pfn) & ASID_MASK);
    }

    /// Whether a page is under a guest's key and was given out for a guest page.
    public boolean isFor(long pfn, int asid, long gfn) {
        long word = word(pfn);
        return (word & ASID_MASK) == asid && (word & ~NEW) >>> Paging.PAGE_SHIFT == gfn;
    }

    /// Gives a run of pages out to consecutive pages of a guest: all or none.
    ///
    /// @return how many were not given out to them before; -1 if one is somebody else's or no memory
    public long take(long pfn, long npages, long gfn, int asid) {
        if (pfn < 0 || npages <= 0 || pfn > limit - npages) {
            return -1;
        }
        long fresh = 0;
        for (long i = 0; i < npages; i++) {
            long wanted = gfn + i << Paging.PAGE_SHIFT | asid;
            long was = (long) WORD.compareAndExchange(need(pfn + i), index(pfn + i), 0L, wanted | NEW); // ORDERING: partner word
            if (was != 0 && (was & ~(SEEN | TURNING | NEW)) != wanted) {
                settle(pfn, i, false);
                return -1;
            }
            fresh += was == 0 ? 1 : 0;
        }
        settle(pfn, npages, true);
        return fresh;
    }

    /// Keeps the pages of a run that are new, or gives them back; those that were given out before stay.
    private void settle(long pfn, long npages, boolean keep) {
        for (long at = pfn; at < pfn + npages; at++) {
            for (long word = word(at); (word & NEW) != 0; word = word(at)) {
                WORD.compareAndSet(need(at), index(at), word, keep ? word & ~NEW : 0L); // ORDERING: partner word
            }
        }
    }

    /// The pages of a run that are under a guest's key are the host's from now on: their bytes are ciphertext.
    ///
    /// @return how many there were
    public long leave(long pfn, long npages, int asid) {
        long left = 0;
        for (long at = Math.max(0, pfn); at < Math.min(limit, pfn + npages); at++) {
            long word = word(at);
            if ((word & ASID_MASK) == asid && asid != NONE) {
                if ((word & SEEN) == 0) {
                    Ciphertext.turn(memory, at, 1, asid);
                }
                WORD.setRelease(need(at), index(at), 0L); // ORDERING: partner word
                left++;
            }
        }
        return left;
    }

    /// Somebody is about to write a page without its key: its bytes become ciphertext, and stay its guest's.
    public void expose(long pfn) {
        long word = word(pfn);
        if (word != 0 && (word & (SEEN | TURNING)) == 0) {
            turn(pfn, word, word | SEEN);
        }
    }

    /// A guest looks with its key at a page that was written without it: it sees plaintext where nothing was written, and rubbish
    /// elsewhere.
    ///
    /// @return whether it can; false while the page is being turned
    public boolean lookAgain(long pfn) {
        long word = word(pfn);
        return (word & TURNING) == 0 && ((word & SEEN) == 0 || turn(pfn, word, word & ~SEEN));
    }

    /// A page that is being given out or turned is left alone.
    private boolean turn(long pfn, long from, long to) {
        long[] chunk = need(pfn);
        if ((from & NEW) != 0 || !WORD.compareAndSet(chunk, index(pfn), from, from | TURNING)) { // ORDERING: partner word
            return false;
        }
        Ciphertext.turn(memory, pfn, 1, from & ASID_MASK);
        WORD.setRelease(chunk, index(pfn), to); // ORDERING: partner word
        return true;
    }

    /// What the host reads of a word.
    public long readWithoutKey(long pa) {
        long word = word(pa >>> Paging.PAGE_SHIFT);
        long value = memory.getLong(pa);
        return word == 0 || (word & SEEN) != 0 ? value : Ciphertext.of(value, pa, word & ASID_MASK);
    }

    private long word(long pfn) {
        long[] chunk = pfn < 0 || pfn >= limit ? null : chunk(pfn);
        return chunk == null ? 0 : (long) WORD.getAcquire(chunk, index(pfn)); // ORDERING: partner turn, take, leave
    }

    private static int index(long pfn) {
        return (int) pfn & CHUNK_MASK;
    }

    private long @Nullable [] chunk(long pfn) {
        return (long[]) CHUNK.getAcquire(chunks, (int) (pfn >>> CHUNK_SHIFT)); // ORDERING: partner need
    }

    private long[] need(long pfn) {
        long[] chunk = chunk(pfn);
        if (chunk != null) {
            return chunk;
        }
        CHUNK.compareAndSet(chunks, (int) (pfn >>> CHUNK_SHIFT), null, new long[CHUNK_MASK + 1]); // ORDERING: partner chunk
        return need(pfn);
    }
}
