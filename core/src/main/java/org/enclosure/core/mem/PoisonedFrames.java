package org.enclosure.core.mem;

import java.util.Arrays;

/// Frames whose memory has failed while somebody owned them: when they are given back, they are taken out of use. A few at the
/// most, so that a sorted array does; written under the allocator's lock, read by anybody.
final class PoisonedFrames {
    private volatile long[] pfns = {};

    boolean isEmpty() {
        return pfns.length == 0;
    }

    boolean contains(long pfn) {
        return Arrays.binarySearch(pfns, pfn) >= 0;
    }

    /// Whether one of them lies in `[pfn, end)`.
    boolean hasAny(long pfn, long end) {
        long[] now = pfns;
        int at = Arrays.binarySearch(now, pfn);
        int first = at >= 0 ? at : -at - 1;
        return first < now.length && now[first] < end;
    }

    void add(long pfn) {
        long[] next = Arrays.copyOf(pfns, pfns.length + 1);
        next[pfns.length] = pfn;
        Arrays.sort(next);
        pfns = next;
    }

    void remove(long pfn) {
        pfns = Arrays.stream(pfns).filter(other -> other != pfn).toArray();
    }
}
