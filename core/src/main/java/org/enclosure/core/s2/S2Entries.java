package org.enclosure.core.s2;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.S2Format;

/// The entries of a stage-2 table: where they are and what their bits say, from an [S2Format] taken apart into final fields.
final class S2Entries {
    static final int PER_TABLE = 1 << Paging.LEVEL_SHIFT;
    static final int ENTRY_SHIFT = 3;

    private final HostMemory memory;
    private final int topLevel;
    private final int rootEntries;
    private final long present;
    private final long writable;
    private final long leaf;
    private final long frameMask;

    S2Entries(HostMemory memory, S2Format format) {
        this.memory = memory;
        topLevel = format.topLevel();
        rootEntries = format.rootEntries();
        present = format.present();
        writable = format.writable();
        leaf = format.leaf();
        frameMask = format.frameMask();
        long addressBits = Long.highestOneBit(memory.frames() - 1 | 1) * 2 - 1 << Paging.PAGE_SHIFT;
        if ((addressBits & ~frameMask) != 0) {
            throw new IllegalArgumentException("frameMask 0x" + Long.toHexString(frameMask)
                    + " cannot hold the addresses of " + memory.frames() + " frames");
        }
    }

    /// Address of the entry for a gfn in a table of a level.
    long slot(long table, long gfn, int level) {
        long index = gfn >>> Paging.order(level);
        return table + ((level == topLevel ? index : index & PER_TABLE - 1) << ENTRY_SHIFT);
    }

    /// Address of the first byte after a table of a level.
    long end(long table, int level) {
        return table + ((long) (level == topLevel ? rootEntries : PER_TABLE) << ENTRY_SHIFT);
    }

    boolean isEmpty(long entry) {
        return (entry & present) == 0;
    }

    /// Whether an entry that is not empty maps memory; if not, it points to a table.
    boolean isLeaf(long entry, int level) {
        return level == Paging.LEVEL_4K || (entry & leaf) != 0;
    }

    long pfn(long entry) {
        return (entry & frameMask) >>> Paging.PAGE_SHIFT;
    }

    /// Address of the table that an entry points to.
    long tableOf(long entry) {
        return memory.address(pfn(entry));
    }

    long tableEntry(long pfn) {
        return pfn << Paging.PAGE_SHIFT | present | writable;
    }

    long leafEntry(long pfn, int level, boolean isWritable) {
        return pfn << Paging.PAGE_SHIFT | present | (isWritable ? writable : 0) | (level == Paging.LEVEL_4K ? 0 : leaf);
    }

    /// A leaf that grants writing too.
    long writable(long entry) {
        return entry | writable;
    }

    /// A leaf in the word that does not depend on the format.
    long neutral(long entry, int level) {
        int write = (entry & writable) != 0 ? Leaf.WRITE : 0;
        return Leaf.of(pfn(entry), level, Leaf.READ | Leaf.EXECUTE | write);
    }

    /// Fills a table that nobody sees yet with the leaves of a level that together map what a larger leaf maps.
    void fill(long table, long from, int level) {
        boolean isWritable = (from & writable) != 0;
        long pfn = pfn(from);
        for (int i = 0; i < PER_TABLE; i++) {
            Raw.putLong(table + ((long) i << ENTRY_SHIFT), leafEntry(pfn, level, isWritable));
            pfn += Paging.pages(level);
        }
    }
}
