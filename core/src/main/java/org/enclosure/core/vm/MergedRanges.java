package org.enclosure.core.vm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.api.vm.PageRange;

/// Ranges of gfns in ascending order, merged as they are added.
final class MergedRanges {
    private final List<PageRange> ranges = new ArrayList<>();
    private long start = -1;
    private long end = -1;

    /// Adds `[first, last)`, which begins at or after the last one's end.
    void add(long first, long last) {
        if (first >= last) {
            return;
        }
        if (start >= 0 && first == end) {
            end = last;
            return;
        }
        flush();
        start = first;
        end = last;
    }

    private void flush() {
        if (start >= 0) {
            ranges.add(new PageRange(start << Paging.PAGE_SHIFT, end - start << Paging.PAGE_SHIFT));
        }
    }

    /// Ranges in any order, which may overlap, as ascending and merged ones.
    static List<PageRange> union(List<PageRange> ranges) {
        MergedRanges merged = new MergedRanges();
        long at = 0;
        for (PageRange range : ranges.stream().sorted(Comparator.comparingLong(PageRange::gpa)).toList()) {
            long first = range.gpa() >>> Paging.PAGE_SHIFT;
            long last = first + (range.bytes() >>> Paging.PAGE_SHIFT);
            merged.add(Math.max(at, first), last);
            at = Math.max(at, last);
        }
        return merged.list();
    }

    /// All that were added; nothing is added afterwards.
    List<PageRange> list() {
        flush();
        start = -1;
        return List.copyOf(ranges);
    }
}
