package org.enclosure.core.slot;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// Who holds counted references on which pages of a memory object. Guarded by the object's lock.
public final class PinTable {
    /// One reference. An identity: the same holder may hold the same pages twice.
    public static final class Entry {
        private final long start;
        private final long end;
        private final String holder;
        private final boolean yields;

        /// Creates a reference of `holder` on the pages from `start` to before `end`.
        ///
        /// @param yields whether its holder gives it up when a conversion asks for it
        public Entry(long start, long end, String holder, boolean yields) {
            this.start = start;
            this.end = end;
            this.holder = holder;
            this.yields = yields;
        }

        /// Who.
        public String holder() {
            return holder;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /// Creates a table without references.
    public PinTable() {
    }

    /// Adds a reference; the same pages may be held many times.
    public void add(Entry entry) {
        entries.add(entry);
    }

    /// Drops a reference.
    public void remove(Entry entry) {
        entries.removeIf(other -> other == entry);
    }

    /// The first page in `[start, end)` that somebody holds, or `end`. Allocates nothing.
    public long firstPinned(long start, long end) {
        long first = end;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.start < first && entry.end > start) {
                first = Math.max(start, entry.start);
            }
        }
        return first;
    }

    /// The first page in `[start, end)` that somebody holds who does not yield, or `end`.
    public long firstKept(long start, long end) {
        long first = end;
        for (Entry entry : entries) {
            if (!entry.yields && entry.start < first && entry.end > start) {
                first = Math.max(start, entry.start);
            }
        }
        return first;
    }

    /// The first page in `[start, end)` that nobody holds but who yields, or `end`. Allocates nothing.
    public long firstFree(long start, long end) {
        return coveredUntil(start, end, null);
    }

    /// The first page in `[start, end)` that `holder` does not hold, or `end`.
    public long firstNotHeldBy(String holder, long start, long end) {
        return coveredUntil(start, end, holder);
    }

    /// @param holder whose references count, or null for those of all who do not yield
    private long coveredUntil(long start, long end, @Nullable String holder) {
        long at = start;
        for (int i = 0; i < entries.size() && at < end; i++) {
            Entry entry = entries.get(i);
            boolean counts = holder == null ? !entry.yields : entry.holder.equals(holder);
            if (counts && entry.start <= at && entry.end > at) {
                at = entry.end;
                i = -1; // an entry before this one may hold the next page
            }
        }
        return Math.min(at, end);
    }

    /// The first page from `start` so that nobody but who yields holds any page from there to `page`, which nobody else holds.
    public long freeFrom(long start, long page) {
        long first = start;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!entry.yields && entry.start < page && entry.end > first) {
                first = entry.end;
            }
        }
        return first;
    }

    /// Who holds a page.
    public List<String> holders(long page) {
        return entries.stream().filter(entry -> entry.start <= page && page < entry.end).map(Entry::holder).distinct()
                .toList();
    }
}
