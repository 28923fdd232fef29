package org.enclosure.core.slot;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// An immutable set of memslots, sorted by gfn.
public final class SlotTable {
    /// No slots, generation 0.
    public static final SlotTable EMPTY = new SlotTable(new SlotEntry[0], 0);

    private final SlotEntry[] entries;
    private final long[] bases;
    private final long generation;

    private SlotTable(SlotEntry[] sorted, long generation) {
        entries = sorted;
        bases = new long[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            bases[i] = sorted[i].baseGfn();
        }
        this.generation = generation;
    }

    /// Counts the tables before this one.
    public long generation() {
        return generation;
    }

    /// The slots by gfn. The list is a view.
    public List<SlotEntry> entries() {
        return Arrays.asList(entries);
    }

    /// How many slots there are.
    public int size() {
        return entries.length;
    }

    /// Slot number `index` by gfn.
    public SlotEntry entry(int index) {
        return entries[index];
    }

    /// The slot that holds a gfn, or null. Allocates nothing.
    public @Nullable SlotEntry find(long gfn) {
        int index = indexAtOrBefore(gfn);
        return index >= 0 && gfn < entries[index].endGfn() ? entries[index] : null;
    }

    /// The index of the last slot that starts at or before a gfn, or -1.
    public int indexAtOrBefore(long gfn) {
        int low = 0;
        int high = bases.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (bases[middle] <= gfn) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// Where the hole ends in which a gfn lies: at the next slot, at most at `end`.
    public long holeEnd(long gfn, long end) {
        int next = indexAtOrBefore(gfn) + 1;
        return next < bases.length ? Math.min(end, bases[next]) : end;
    }

    /// The slot with an id, or null.
    public @Nullable SlotEntry byId(int id) {
        for (SlotEntry entry : entries) {
            if (entry.memslot().id() == id) {
                return entry;
            }
        }
        return null;
    }

    /// A slot that overlaps `[start, end)`, or null.
    public @Nullable SlotEntry overlapping(long start, long end) {
        int index = indexAtOrBefore(end - 1);
        return index >= 0 && entries[index].endGfn() > start ? entries[index] : null;
    }

    /// This table with one slot more.
    public SlotTable with(SlotEntry added) {
        int at = indexAtOrBefore(added.baseGfn()) + 1;
        SlotEntry[] next = Arrays.copyOf(entries, entries.length + 1);
        System.arraycopy(entries, at, next, at + 1, entries.length - at);
        next[at] = added;
        return new SlotTable(next, generation + 1);
    }

    /// This table without one slot.
    public SlotTable without(SlotEntry removed) {
        SlotEntry[] next = Arrays.stream(entries).filter(entry -> entry != removed).toArray(SlotEntry[]::new);
        return new SlotTable(next, generation + 1);
    }

    /// This table with one slot at another place.
    public SlotTable moving(SlotEntry old, SlotEntry to) {
        SlotTable next = without(old).with(to);
        return new SlotTable(next.entries, generation + 1);
    }

    /// This table with one slot exchanged for another of the same range.
    public SlotTable replacing(SlotEntry old, SlotEntry by) {
        SlotEntry[] next = entries.clone();
        next[Arrays.asList(entries).indexOf(old)] = by;
        return new SlotTable(next, generation + 1);
    }
}
