package org.enclosure.cca.machine;

import java.lang.invoke.VarHandle;

import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// Walks of a realm's translation tables, and the locks of the tables that they end in.
///
/// A `where` is the address of an entry with its level in the low three bits; the granule of its table is what is left
/// without the page offset. Start-level tables lie side by side, so one index reaches into all of them.
///
/// Reading is lock-free. A table that is folded or destroyed leaves its parent first, then the realm's count of removed tables
/// goes up, then the table is wiped: a walk that finds the count unchanged afterwards has read no wiped entry.
final class Walker {
    /// A walk that met tables in change too often.
    static final long NOWHERE = -1;

    private static final long LEVEL_MASK = 7;
    private static final int TRIES = 64;

    private final PhysicalMemory memory;
    private final Granules granules;

    Walker(PhysicalMemory memory, Granules granules) {
        this.memory = memory;
        this.granules = granules;
    }

    /// Walks from the start level to `level`, or to an entry above it that is no table. The IPA is in range.
    long find(long rd, long ipa, int level) {
        long root = memory.getLong(rd + Rd.ROOT);
        int at = (int) (root & LEVEL_MASK);
        long where = (root & RttEntry.ADDRESS) + (ipa >>> RttEntry.shift(at) << 3);
        while (at < level) {
            long entry = memory.getLongAcquire(where); // ORDERING: partner put
            long table = RttEntry.address(entry);
            // A walk that runs against a removal may read anything: it must not leave memory.
            if (!RttEntry.isTable(entry, at) || !memory.contains(table, Granules.SIZE)) {
                break;
            }
            at++;
            where = table + ((ipa >>> RttEntry.shift(at) & RttEntry.ENTRIES - 1) << 3);
        }
        return where | at;
    }

    /// Walks as [#find] and locks the table that the walk ends in; [#NOWHERE] if that does not succeed in time.
    long lock(long rd, long ipa, int level) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            long removed = removed(rd);
            long where = find(rd, ipa, level);
            long table = table(where);
            if (!granules.lock(table, GranuleState.RTT)) {
                continue;
            }
            boolean goesOn = level(where) < level && RttEntry.isTable(entry(where), level(where));
            if (removed == removed(rd) && !goesOn) {
                return where;
            }
            granules.unlock(table);
        }
        return NOWHERE;
    }

    /// Unlocks the table of a `where`.
    void unlock(long where) {
        granules.unlock(table(where));
    }

    /// Unlocks and answers: for the ends of commands.
    long unlock(long where, long status) {
        granules.unlock(table(where));
        return status;
    }

    /// How many tables the realm has lost; read before and after a walk without locks.
    long removed(long rd) {
        return memory.getLongAcquire(rd + Rd.REMOVED); // ORDERING: partner remove
    }

    /// Whether no table was removed since [#removed] answered `before`.
    boolean isValid(long rd, long before) {
        VarHandle.loadLoadFence(); // ORDERING: entries before the count, partner remove
        return removed(rd) == before;
    }

    /// Counts a removed table: after its parent's entry changed, before it is wiped.
    void remove(long rd) {
        long before = removed(rd);
        while (!memory.compareAndSet(rd + Rd.REMOVED, before, before + 1)) { // ORDERING: partner removed
            before = removed(rd);
        }
        VarHandle.storeStoreFence(); // ORDERING: the count before the wipe, partner isValid
    }

    /// The entry at a `where`.
    long entry(long where) {
        return memory.getLongAcquire(where & ~LEVEL_MASK); // ORDERING: partner put
    }

    /// Writes the entry at a `where` whose table is locked.
    void put(long where, long entry) {
        memory.putLongRelease(where & ~LEVEL_MASK, entry); // ORDERING: partner entry, find
    }

    static int level(long where) {
        return (int) (where & LEVEL_MASK);
    }

    static long table(long where) {
        return where & -Granules.SIZE;
    }

    static int index(long where) {
        return (int) (where >>> 3) & RttEntry.ENTRIES - 1;
    }

    /// The kind of the entry at a `where`.
    int kind(long where) {
        return RttEntry.kind(entry(where), level(where));
    }

    /// `ipa` if the entry there is live; else the IPA of the next live entry of the same table, or of the table's end.
    long skipNonLive(long where, long ipa) {
        if (RttEntry.isLive(entry(where))) {
            return ipa;
        }
        long size = RttEntry.size(level(where));
        long at = ipa & -size;
        int index = index(where);
        long address = where & ~LEVEL_MASK;
        do {
            index++;
            address += Long.BYTES;
            at += size;
        } while (index < RttEntry.ENTRIES && !RttEntry.isLive(memory.getLong(address)));
        return at;
    }
}
