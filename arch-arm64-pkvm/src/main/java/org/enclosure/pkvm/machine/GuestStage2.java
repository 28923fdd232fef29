package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.spi.PhysicalMemory;

/// The stage 2 of guests: four levels of 512 entries for 48 bits of guest address, in pages that belong to EL2. The entries are
/// in physical memory, so that what they say can be seen and a page is accounted once.
///
/// A `where` is the address of an entry with its level in the low three bits; levels are 1 = 4K to 4 = the root's 512G.
public final class GuestStage2 {
    /// The first gfn that cannot be translated.
    public static final long GFN_LIMIT = 1L << 36;
    /// Levels below the root: the most tables that one leaf needs.
    public static final int TABLE_LEVELS = 3;

    static final int ROOT_LEVEL = 4;
    private static final long LEVEL_MASK = 7;
    private static final int INDEX_MASK = (1 << Paging.LEVEL_SHIFT) - 1;

    private final PhysicalMemory memory;

    GuestStage2(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// Walks to the entry that decides about a gfn below [#GFN_LIMIT]: that of level `downTo`, or one above that is no table.
    long find(long root, long gfn, int downTo) {
        long at = root + (gfn >>> Paging.order(ROOT_LEVEL)) * Long.BYTES;
        for (int level = ROOT_LEVEL;; level--) {
            long entry = memory.getLongAcquire(at); // ORDERING: partner set
            if (level == downTo || !Descriptor.isTable(entry)) {
                return at | level;
            }
            at = Descriptor.address(entry) + (gfn >>> Paging.order(level - 1) & INDEX_MASK) * Long.BYTES;
        }
    }

    /// The table of 4K entries around a gfn, or -1 if there is none. Such a table stays until the VM ends.
    public long pageTable(long root, long gfn) {
        long where = find(root, gfn, Paging.LEVEL_4K);
        return level(where) == Paging.LEVEL_4K
                ? where & ~LEVEL_MASK & -Paging.PAGE_SIZE : -1;
    }

    /// The entry of a gfn in its table of 4K entries.
    public long pageEntry(long table, long gfn) {
        return memory.getLongAcquire(table + (gfn & INDEX_MASK) * Long.BYTES); // ORDERING: partner set
    }

    static int level(long where) {
        return (int) (where & LEVEL_MASK);
    }

    long entry(long where) {
        return memory.getLongAcquire(where & ~LEVEL_MASK); // ORDERING: partner set
    }

    void set(long where, long entry) {
        memory.putLongRelease(where & ~LEVEL_MASK, entry); // ORDERING: partner find, entry, pageEntry
    }

    /// How many tables are missing for a leaf of `level` at a `where`; 0 if something stands there.
    int missing(long where, int level) {
        return entry(where) == 0 ? level(where) - level : 0;
    }

    /// The guest's state that an entry stands for.
    static int state(long entry) {
        return Descriptor.isValid(entry) ? Descriptor.state(entry)
                : entry == Annotation.POISON ? PageState.POISON : PageState.NOPAGE;
    }

    /// The address behind a valid leaf, of one gfn.
    static long address(long where, long entry, long gfn) {
        return Descriptor.address(entry) + (gfn & Paging.pages(level(where)) - 1 << Paging.PAGE_SHIFT);
    }

    /// Hangs tables below the empty entry at a `where` until the entry of `level` is there, under the lock.
    ///
    /// @param cache has as many pages as are missing
    /// @return the `where` of that entry
    long link(long where, long gfn, int level, Memcache cache) {
        long at = where;
        while (level(at) > level) {
            long table = cache.pop(memory);
            set(at, Descriptor.table(table));
            int below = level(at) - 1;
            at = table + (gfn >>> Paging.order(below) & INDEX_MASK) * Long.BYTES | below;
        }
        return at;
    }

    /// The first entry of a table that is a table itself; -1 if there is none.
    private long firstTable(long table) {
        for (long at = table; at < table + Paging.PAGE_SIZE; at += Long.BYTES) {
            if (Descriptor.isTable(memory.getLongAcquire(at))) { // ORDERING: partner set
                return at;
            }
        }
        return -1;
    }

    /// Unlinks one lowest table, with the leaves that are left in it.
    ///
    /// @return its address, or -1 if only the root is left
    long unlinkTable(long root) {
        long table = root;
        long parent = -1;
        for (int level = ROOT_LEVEL; level > Paging.LEVEL_4K; level--) {
            long child = firstTable(table);
            if (child < 0) {
                break;
            }
            parent = child;
            table = Descriptor.address(memory.getLongAcquire(child)); // ORDERING: partner set
        }
        if (parent < 0) {
            return -1;
        }
        memory.putLongRelease(parent, 0); // ORDERING: partner find
        return table;
    }

    /// The first gfn from `gfn` on that has a valid leaf, or -1. Looks at no more than `steps` entries: then -2 - gfn, from where
    /// to go on.
    long nextLeaf(long root, long gfn, int steps) {
        long at = gfn;
        for (int step = 0; step < steps; step++) {
            if (at >= GFN_LIMIT) {
                return -1;
            }
            long where = find(root, at, Paging.LEVEL_4K);
            if (Descriptor.isValid(entry(where))) {
                return at;
            }
            at = Paging.floor(at, level(where)) + Paging.pages(level(where));
        }
        return at >= GFN_LIMIT ? -1 : -2 - at;
    }
}
