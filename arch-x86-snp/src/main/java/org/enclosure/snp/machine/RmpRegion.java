package org.enclosure.snp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.RmpEntry;
import org.jspecify.annotations.Nullable;

/// The entries of one 2M region: the first, and the others where pages of the region are or were assigned one by one.
///
/// Whoever changes entries holds the region by [#tryHold]; readers take no lock. The first entry is written last, so that a
/// reader that sees it as a 4K entry sees the others, too.
@SuppressWarnings("UnusedVariable") // the fields are read by their VarHandles
final class RmpRegion {
    static final int PAGES = (int) Paging.PAGES_PER_2M;

    private static final VarHandle HELD;
    private static final VarHandle HEAD_LO;
    private static final VarHandle HEAD_HI;
    private static final VarHandle TAILS;
    private static final VarHandle TAIL = MethodHandles.arrayElementVarHandle(long[].class);

    private boolean held;
    private long headLo;
    private long headHi;
    private long @Nullable [] tails;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HELD = lookup.findVarHandle(RmpRegion.class, "held", boolean.class);
            HEAD_LO = lookup.findVarHandle(RmpRegion.class, "headLo", long.class);
            HEAD_HI = lookup.findVarHandle(RmpRegion.class, "headHi", long.class);
            TAILS = lookup.findVarHandle(RmpRegion.class, "tails", long[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Whether the caller may change entries now; else another CPU is at it.
    boolean tryHold() {
        return HELD.compareAndSet(this, false, true); // ORDERING: partner release
    }

    void release() {
        HELD.setRelease(this, false); // ORDERING: partner tryHold
    }

    /// The first entry.
    long headLo() {
        return (long) HEAD_LO.getAcquire(this); // ORDERING: partner setHead
    }

    /// The entry of one page, whatever the first one says.
    long ownLo(int index) {
        if (index == 0) {
            return headLo();
        }
        long[] others = others();
        return others == null ? 0 : (long) TAIL.getAcquire(others, index * 2); // ORDERING: partner set
    }

    long ownHi(int index) {
        if (index == 0) {
            return (long) HEAD_HI.getAcquire(this); // ORDERING: partner setHead
        }
        long[] others = others();
        return others == null ? 0 : (long) TAIL.getAcquire(others, index * 2 + 1); // ORDERING: partner set
    }

    /// The entry that counts for a page: the first one where it is of 2M.
    long lo(int index) {
        long head = headLo();
        return index == 0 || (head & RmpEntry.LARGE) != 0 ? head : ownLo(index);
    }

    long hi(int index) {
        return (headLo() & RmpEntry.LARGE) != 0 ? ownHi(0) : ownHi(index);
    }

    /// Writes one entry; the count of the first one is its own and stays. The caller holds the region.
    void set(int index, long lo, long hi) {
        if (index == 0) {
            setHead(lo & ~RmpEntry.COUNT_MASK | headLo() & RmpEntry.COUNT_MASK, hi);
            return;
        }
        long[] others = others();
        if (others == null) {
            others = new long[PAGES * 2];
            TAILS.setRelease(this, others); // ORDERING: partner others
        }
        long was = others[index * 2];
        TAIL.setRelease(others, index * 2 + 1, hi); // ORDERING: partner ownHi
        TAIL.setRelease(others, index * 2, lo); // ORDERING: partner ownLo
        count((int) ((lo & RmpEntry.ASSIGNED) - (was & RmpEntry.ASSIGNED)));
    }

    /// Writes the first entry with its count. The caller holds the region.
    void setHead(long lo, long hi) {
        HEAD_HI.setRelease(this, hi); // ORDERING: partner ownHi
        HEAD_LO.setRelease(this, lo); // ORDERING: partner headLo
    }

    /// Whether a page other than the first is fixed or in use, so that the region cannot become one page.
    boolean hasBusyTail() {
        long[] others = others();
        for (int index = 1; others != null && index < PAGES; index++) {
            if ((ownLo(index) & (RmpEntry.IMMUTABLE | RmpEntry.LOCK)) != 0) {
                return true;
            }
        }
        return false;
    }

    private void count(int change) {
        long head = headLo();
        HEAD_LO.setRelease(this, head + ((long) change << RmpEntry.COUNT_SHIFT)); // ORDERING: partner headLo
    }

    private long @Nullable [] others() {
        return (long[]) TAILS.getAcquire(this); // ORDERING: partner set
    }
}
