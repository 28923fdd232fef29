package org.enclosure.core.s2;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.Raw;

/// Takes leaves and tables out of an [S2Table], for the one thread that unmaps.
final class S2Removal {
    private static final int TABLE_ORDER = 0;

    private final S2Entries entries;

    S2Removal(S2Entries entries) {
        this.entries = entries;
    }

    /// Unmaps `[start, end)`, all of it in the span of a table.
    long unmap(long table, int level, long start, long end, FrameList detached) {
        long pages = 0;
        int order = Paging.order(level);
        for (long gfn = start; gfn < end;) {
            long next = Math.min(end, (gfn >>> order) + 1 << order);
            long slot = entries.slot(table, gfn, level);
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in publish
            if (!entries.isEmpty(entry)) {
                pages += unmapEntry(slot, entry, level, gfn, next, detached);
            }
            gfn = next;
        }
        return pages;
    }

    private long unmapEntry(long slot, long entry, int level, long start, long end, FrameList detached) {
        if (entries.isLeaf(entry, level)) {
            clear(slot);
            return Paging.pages(level);
        }
        long table = entries.tableOf(entry);
        if (end - start < Paging.pages(level)) {
            return unmap(table, level - 1, start, end, detached);
        }
        clear(slot);
        long pages = detach(table, level - 1, detached);
        detached.push(entries.pfn(entry), TABLE_ORDER);
        return pages;
    }

    private static void clear(long slot) {
        // ORDERING: opaque, partner: acquire in walk. It publishes nothing; the shootdown that follows orders it before the
        // frame changes hands
        Raw.putLongOpaque(slot, 0);
    }

    /// Counts the pages below a table that is unlinked already, and detaches its tables. Walkers may be in it: it is not
    /// written.
    private long detach(long table, int level, FrameList detached) {
        long pages = 0;
        for (long slot = table, end = entries.end(table, level); slot < end; slot += Long.BYTES) {
            long entry = Raw.getLong(slot);
            if (entries.isEmpty(entry)) {
                continue;
            }
            if (entries.isLeaf(entry, level)) {
                pages += Paging.pages(level);
            } else {
                pages += detach(entries.tableOf(entry), level - 1, detached);
                detached.push(entries.pfn(entry), TABLE_ORDER);
            }
        }
        return pages;
    }
}
