package org.enclosure.core.mem;

/// One byte of state per frame.
///
/// ```
/// bit 0  ALLOCATED     somebody owns the frame
/// bit 1  DIRTY         the frame may hold something else than zeroes
/// bit 2  QUARANTINED   the frame is never handed out again
/// bit 3  TABLE         the frame holds tables, or is kept for them
/// ```
///
/// A byte, not a bit: while a frame is allocated its owner writes DIRTY with a plain store and without a lock, and no
/// neighbour is disturbed. All other writes are under the allocator's lock, on frames that nobody owns or that their owner
/// is giving back. All zeroes is free and known to be zero, so that fresh memory needs no entry. Nothing allocates.
final class FrameStates {
    static final int ALLOCATED = 1;
    static final int DIRTY = 2;
    static final int QUARANTINED = 4;
    static final int TABLE = 8;

    private static final long EACH = 0x0101_0101_0101_0101L;
    /// Blocks from this order on are whole aligned words.
    private static final int WORD_ORDER = 3;

    private final long base;

    FrameStates(long address) {
        base = address;
    }

    int get(long pfn) {
        return Raw.getByte(base + pfn);
    }

    void set(long pfn, int state) {
        Raw.putByte(base + pfn, (byte) state);
    }

    /// The states of 8 frames, at any alignment.
    private long eight(long pfn) {
        return Raw.getLong(base + pfn);
    }

    /// Replaces the state of each frame of a block by `state & keep | add`.
    void update(long pfn, int order, int keep, int add) {
        long end = pfn + (1L << order);
        if (order < WORD_ORDER) {
            for (long at = pfn; at < end; at++) {
                set(at, get(at) & keep | add);
            }
            return;
        }
        for (long at = pfn; at < end; at += 8) {
            Raw.putLong(base + at, eight(at) & keep * EACH | add * EACH);
        }
    }

    /// Whether each frame of a block has a bit set.
    boolean all(long pfn, int order, int bit) {
        long end = pfn + (1L << order);
        if (order < WORD_ORDER) {
            for (long at = pfn; at < end; at++) {
                if ((get(at) & bit) == 0) {
                    return false;
                }
            }
            return true;
        }
        for (long at = pfn; at < end; at += 8) {
            if ((eight(at) & bit * EACH) != bit * EACH) {
                return false;
            }
        }
        return true;
    }

    /// The first frame of `[pfn, end)` that has, or has not, a bit set; `end` if there is none.
    long find(long pfn, long end, int bit, boolean set) {
        long wanted = set ? bit * EACH : 0;
        long at = pfn;
        while (at < end) {
            if (end - at >= 8 && ((eight(at) ^ wanted) & bit * EACH) == bit * EACH) {
                at += 8;
            } else if ((get(at) & bit) != 0 == set) {
                return at;
            } else {
                at++;
            }
        }
        return end;
    }
}
