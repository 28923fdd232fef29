package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Rsi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// Reads of a realm's tables that change nothing and take no lock: what RTT_READ_ENTRY would say, faster and for ranges.
///
/// A `seen` word is an entry with its level in bits 57:56, which no entry uses.
public final class Inspection {
    /// No table.
    public static final long NONE = -1;

    private static final int LEVEL_SHIFT = 56;
    private static final long LEVEL_MASK = 3;
    private static final int BITS_OF_LEVEL = 2;

    private final PhysicalMemory memory;
    private final Walker walker;

    Inspection(PhysicalMemory memory, Walker walker) {
        this.memory = memory;
        this.walker = walker;
    }

    /// The entry that decides about an IPA in range.
    public long see(long rd, long ipa) {
        long removed;
        long seen;
        do {
            removed = walker.removed(rd);
            long where = walker.find(rd, ipa, RttEntry.PAGE_LEVEL);
            seen = walker.entry(where) | (long) Walker.level(where) << LEVEL_SHIFT;
        } while (!walker.isValid(rd, removed));
        return seen;
    }

    /// The entry of a `seen` word.
    public static long entry(long seen) {
        return seen & ~(LEVEL_MASK << LEVEL_SHIFT);
    }

    /// The level of a `seen` word.
    public static int level(long seen) {
        return (int) (seen >>> LEVEL_SHIFT & LEVEL_MASK);
    }

    /// Whether a `seen` word is a page or block, of realm or host.
    public static boolean isMapped(long seen) {
        return RttEntry.isLive(entry(seen));
    }

    /// The first IPA from `ipa` on, below `end`, that is mapped; `end` if there is none. Both are multiples of a granule.
    public long nextMapped(long rd, long ipa, long end) {
        long at = ipa;
        while (at < end) {
            long where = walker.find(rd, at, RttEntry.PAGE_LEVEL);
            long next = walker.skipNonLive(where, at);
            if (next == at) {
                return at;
            }
            at = next;
        }
        return end;
    }

    /// The first IPA from `ipa` on, below `end`, that is not mapped; `end` if all are.
    public long nextUnmapped(long rd, long ipa, long end) {
        long at = ipa;
        while (at < end) {
            long where = walker.find(rd, at, RttEntry.PAGE_LEVEL);
            long size = RttEntry.size(Walker.level(where));
            int index = Walker.index(where);
            while (index < RttEntry.ENTRIES && at < end && RttEntry.isLive(walker.entry(where))
                    && !RttEntry.isTable(walker.entry(where), Walker.level(where))) {
                at = (at & -size) + size;
                where += Long.BYTES;
                index++;
            }
            if (index < RttEntry.ENTRIES && at < end && !RttEntry.isLive(walker.entry(where))) {
                return at;
            }
        }
        return end;
    }

    /// A table below which hangs no other: the first IPA that it covers, with its level in the low bits; [#NONE] if only the
    /// start-level tables are left.
    public long lowestTable(long rd) {
        int level = Rd.startLevel(memory, rd);
        long base = memory.getLong(rd + Rd.ROOT) & RttEntry.ADDRESS;
        long entries = memory.getLong(rd + Rd.TABLES) * RttEntry.ENTRIES;
        long ipa = 0;
        long found = NONE;
        for (int at = level;; at++) {
            long index = firstTable(base, entries, at);
            if (index < 0) {
                return found;
            }
            ipa += index << RttEntry.shift(at);
            base = RttEntry.address(memory.getLong(base + index * Long.BYTES));
            entries = RttEntry.ENTRIES;
            found = ipa | at + 1;
        }
    }

    /// The IPA of what [#lowestTable] found.
    public static long tableIpa(long table) {
        return table & -(1L << BITS_OF_LEVEL);
    }

    /// The level of what [#lowestTable] found.
    public static int tableLevel(long table) {
        return (int) table & (1 << BITS_OF_LEVEL) - 1;
    }

    private long firstTable(long base, long entries, int level) {
        for (long index = 0; level < RttEntry.PAGE_LEVEL && index < entries; index++) {
            if (RttEntry.isTable(memory.getLong(base + index * Long.BYTES), level)) {
                return index;
            }
        }
        return -1;
    }

    /// The address that a REC's RIPAS change has reached.
    public long ripasReached(long rec) {
        return memory.getLong(rec + RecLayout.RIPAS_NEXT);
    }

    /// Whether a REC's RIPAS change may change DESTROYED.
    public boolean changesDestroyed(long rec) {
        return (memory.getLong(rec + RecLayout.RIPAS_FLAGS) & Rsi.CHANGE_DESTROYED) != 0;
    }
}
