package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/// What a [FolioMap] must hold, page by page, in the simplest way.
final class FolioModel {
    /// @param order of the folio that the page is part of
    record Page(long pfn, int order, boolean isZeroed) {
    }

    private final TreeMap<Long, Page> byOffset = new TreeMap<>();
    private final Set<Long> pfns = new HashSet<>();
    private final long pages;

    FolioModel(long pages) {
        this.pages = pages;
    }

    @Nullable
    Page get(long pgoff) {
        return byOffset.get(pgoff);
    }

    Page present(long pgoff) {
        return Objects.requireNonNull(byOffset.get(pgoff), "the page is a hole");
    }

    int size() {
        return byOffset.size();
    }

    /// Whether the block of an order around a page lies in the map and has no page.
    boolean isHole(long pgoff, int order) {
        long first = pgoff & -1L << order;
        long end = first + (1L << order);
        return end <= pages && byOffset.subMap(first, end).isEmpty();
    }

    void add(long pgoff, long word) {
        int order = FolioMap.order(word);
        long first = pgoff & -1L << order;
        long pfn = FolioMap.pfn(word) - (pgoff - first);
        assertEquals(0, pfn & (1L << order) - 1, "alignment of a folio");
        for (long i = 0; i < 1L << order; i++) {
            assertTrue(pfns.add(pfn + i), "a frame was handed out twice");
            byOffset.put(first + i, new Page(pfn + i, order, FolioMap.isZeroed(word)));
        }
    }

    void zeroed(long pgoff) {
        int order = present(pgoff).order();
        long first = pgoff & -1L << order;
        setZeroed(first, first + (1L << order), true);
    }

    void mark(long start, long end, boolean isZeroed) {
        splitToMark(start, start, end, isZeroed);
        splitToMark(end, start, end, isZeroed);
        setZeroed(start, end, isZeroed);
    }

    private void setZeroed(long start, long end, boolean isZeroed) {
        byOffset.subMap(start, end).replaceAll((at, page) -> new Page(page.pfn(), page.order(), isZeroed));
    }

    private void splitToMark(long at, long start, long end, boolean isZeroed) {
        for (long pgoff : new long[] {at - 1, at}) {
            Page page = byOffset.get(pgoff);
            if (pgoff >= start && pgoff < end && page != null && page.isZeroed() != isZeroed) {
                splitAt(at);
            }
        }
    }

    /// Splits until no folio crosses a page boundary.
    void splitAt(long boundary) {
        while (true) {
            Page page = byOffset.get(boundary);
            Page before = byOffset.get(boundary - 1);
            if (page == null || before == null || page.order() == 0
                    || boundary - (boundary & -1L << page.order()) == 0) {
                return;
            }
            split(boundary, page.order() - 9);
        }
    }

    /// Splits the folio of a page one step at a time, as the entries do: only the parts around the page are split further.
    void split(long pgoff, int order) {
        Page page = byOffset.get(pgoff);
        while (page != null && page.order() > order) {
            int from = page.order();
            long first = pgoff & -1L << from;
            byOffset.subMap(first, first + (1L << from))
                    .replaceAll((at, p) -> new Page(p.pfn(), from - 9, p.isZeroed()));
            page = byOffset.get(pgoff);
        }
    }

    /// Removes pages; what crosses an end is split before.
    long remove(long start, long end) {
        if (start == end) {
            return 0;
        }
        splitAt(start);
        splitAt(end);
        var range = byOffset.subMap(start, end);
        range.values().forEach(page -> pfns.remove(page.pfn()));
        long count = range.size();
        range.clear();
        return count;
    }

    /// Whether merge must succeed; then it is done.
    boolean merge(long pgoff, int order) {
        long first = pgoff & -1L << order;
        Page head = byOffset.get(first);
        if (first + (1L << order) > pages || head == null) {
            return false;
        }
        if (head.order() >= order) {
            return true;
        }
        for (long i = 0; i < 1L << order; i++) {
            Page page = byOffset.get(first + i);
            if (page == null || page.order() != order - 9 || page.pfn() != head.pfn() + i
                    || page.isZeroed() != head.isZeroed()) {
                return false;
            }
        }
        if ((head.pfn() & (1L << order) - 1) != 0) {
            return false;
        }
        byOffset.subMap(first, first + (1L << order)).replaceAll((at, p) -> new Page(p.pfn(), order, p.isZeroed()));
        return true;
    }

    long nextPresent(long pgoff, long end) {
        Long next = byOffset.ceilingKey(pgoff);
        return next == null || next >= end ? end : next;
    }

    long runEnd(long pgoff, long end) {
        Page first = byOffset.get(pgoff);
        long at = pgoff;
        while (first != null && at < end && first.pfn() + at - pgoff == pfnOrNone(at)) {
            at++;
        }
        return at;
    }

    private long pfnOrNone(long pgoff) {
        Page page = byOffset.get(pgoff);
        return page == null ? -1 : page.pfn();
    }
}
