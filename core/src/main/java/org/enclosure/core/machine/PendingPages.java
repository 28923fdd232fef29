package org.enclosure.core.machine;

import java.util.Arrays;

/// The gfns that the guest has asked back, that were taken from it, and that the host still holds: sorted stretches that do not
/// touch. Until a gfn leaves this list, no fault and no fill brings it to the guest.
///
/// Read by faults and fills without a lock, written under the mutation lock. A change allocates; there is one only where
/// somebody held a page.
public final class PendingPages {
    private static final long[] NONE = {};

    /// Starts and ends by turns.
    private volatile long[] bounds = NONE;
    private volatile int style;

    /// Creates an empty list.
    public PendingPages() {
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /// Whether a gfn is in the list. ORDERING: volatile; a fill reads it inside of its mark after the generation, a fault after
    /// its snapshot of the sequence; partner [#add], which is followed by a shootdown inside of an invalidation.
    public boolean holds(long gfn) {
        long[] now = bounds;
        return now.length != 0 && indexOf(now, gfn) >= 0;
    }

    /// Whether all of `[start, end)` is in the list.
    public boolean holdsAll(long start, long end) {
        long[] now = bounds;
        int index = indexOf(now, start);
        return index >= 0 && now[index + 1] >= end;
    }

    /// Whether some of `[start, end)` is in the list.
    public boolean holdsAny(long start, long end) {
        long[] now = bounds;
        for (int i = 0; i < now.length; i += 2) {
            if (now[i] < end && now[i + 1] > start) {
                return true;
            }
        }
        return false;
    }

    /// The start of the stretch that holds a gfn of the list.
    public long startOf(long gfn) {
        long[] now = bounds;
        int index = indexOf(now, gfn);
        return index < 0 ? gfn : now[index];
    }

    /// The end of the stretch that holds a gfn of the list; `gfn` if it is in none.
    public long endOf(long gfn) {
        long[] now = bounds;
        int index = indexOf(now, gfn);
        return index < 0 ? gfn : now[index + 1];
    }

    /// The first gfn of the list at or after `gfn`, or -1.
    public long next(long gfn) {
        long[] now = bounds;
        for (int i = 0; i < now.length; i += 2) {
            if (now[i + 1] > gfn) {
                return Math.max(gfn, now[i]);
            }
        }
        return -1;
    }

    /// How many gfns there are.
    public long count() {
        long[] now = bounds;
        long count = 0;
        for (int i = 0; i < now.length; i += 2) {
            count += now[i + 1] - now[i];
        }
        return count;
    }

    /// The style of the guest's last request that was put off: it says by which exit its VMM hears of it again.
    public int style() {
        return style;
    }

    private static int indexOf(long[] bounds, long gfn) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (gfn >= bounds[i] && gfn < bounds[i + 1]) {
                return i;
            }
        }
        return -1;
    }

    /// Adds `[start, end)`.
    public void add(long start, long end, int newStyle) {
        style = newStyle;
        long first = start;
        long last = end;
        long[] now = bounds;
        long[] next = new long[now.length + 2];
        int at = 0;
        int place = 0;
        for (int i = 0; i < now.length; i += 2) {
            if (now[i] <= last && now[i + 1] >= first) {
                first = Math.min(first, now[i]);
                last = Math.max(last, now[i + 1]);
                continue;
            }
            next[at++] = now[i];
            next[at++] = now[i + 1];
            place = now[i] < start ? at : place;
        }
        System.arraycopy(next, place, next, place + 2, at - place);
        next[place] = first;
        next[place + 1] = last;
        bounds = Arrays.copyOf(next, at + 2);
    }

    /// Takes `[start, end)` out.
    public void remove(long start, long end) {
        if (!holdsAny(start, end)) {
            return;
        }
        long[] now = bounds;
        long[] next = new long[now.length + 2];
        int at = 0;
        for (int i = 0; i < now.length; i += 2) {
            at = keep(next, at, now[i], Math.min(now[i + 1], start));
            at = keep(next, at, Math.max(now[i], end), now[i + 1]);
        }
        bounds = Arrays.copyOf(next, at);
    }

    private static int keep(long[] next, int at, long start, long end) {
        if (start >= end) {
            return at;
        }
        next[at] = start;
        next[at + 1] = end;
        return at + 2;
    }
}
