package org.enclosure.core.s2;

import java.util.Objects;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.Status;

/// A stage-2 table in host frames: gfn to pfn, in the bits that an [S2Format] describes.
///
/// **Threads.** Any number of walkers and publishers, without locks: an entry is set by one compare-and-swap. One thread at a
/// time unmaps or splits; whoever unmaps sees to it that nobody publishes in its range meanwhile, rounded out to the largest
/// leaf that may be there. A walker may still be in a table that was unlinked, and gets the old leaves from it, until the
/// shootdown is over: such tables keep their content and are freed after that.
///
/// **Allocation:** none. **Units:** gfn and pfn in 4K pages; levels 1 = 4K, 2 = 2M, 3 = 1G.
public final class S2Table {
    private static final int ENTRIES = 1 << Paging.LEVEL_SHIFT;
    private static final int ENTRY_SHIFT = 3;
    private static final int TABLE_ORDER = 0;

    private final HostMemory memory;
    private final int topLevel;
    private final int rootEntries;
    private final int rootOrder;
    private final long gfnLimit;
    private final long present;
    private final long writable;
    private final long leaf;
    private final long frameMask;
    private final long root;

    /// Creates an empty table.
    ///
    /// @param rootPfn first frame of a zeroed block of order [S2Format#rootOrder()], which the caller frees after [#close]
    /// @throws IllegalArgumentException if the format has no bits for the addresses of all frames
    public S2Table(HostMemory memory, S2Format format, long rootPfn) {
        this.memory = memory;
        topLevel = format.topLevel();
        rootEntries = format.rootEntries();
        rootOrder = format.rootOrder();
        gfnLimit = format.gfnLimit();
        present = format.present();
        writable = format.writable();
        leaf = format.leaf();
        frameMask = format.frameMask();
        root = memory.address(rootPfn);
        long all = Long.highestOneBit(memory.frames() - 1 | 1) * 2 - 1 << Paging.PAGE_SHIFT;
        if ((all & ~frameMask) != 0) {
            throw new IllegalArgumentException("frameMask 0x" + Long.toHexString(frameMask)
                    + " cannot hold the addresses of " + memory.frames() + " frames");
        }
    }

    /// How many gfns can be mapped.
    public long gfnLimit() {
        return gfnLimit;
    }

    /// The most frames that one [#publish] takes.
    public int framesNeeded() {
        return topLevel - 1;
    }

    /// The leaf that maps a gfn, or [Leaf#NONE]. Any thread, inside a mark too.
    public long walk(long gfn) {
        if (gfn < 0 || gfn >= gfnLimit) {
            return Leaf.NONE;
        }
        long table = root;
        for (int level = topLevel;; level--) {
            // ORDERING: acquire, partner: compareAndSet in publish, link and splitLeaf; whoever sees a table sees its entries
            long entry = Raw.getLongAcquire(slot(table, gfn, level));
            if ((entry & present) == 0) {
                return Leaf.NONE;
            }
            if (isLeaf(entry, level)) {
                return neutral(entry, level);
            }
            table = memory.address(pfn(entry));
        }
    }

    private long slot(long table, long gfn, int level) {
        long index = gfn >>> Paging.order(level);
        return table + ((level == topLevel ? index : index & ENTRIES - 1) << ENTRY_SHIFT);
    }

    private boolean isLeaf(long entry, int level) {
        return level == Paging.LEVEL_4K || (entry & leaf) != 0;
    }

    private long pfn(long entry) {
        return (entry & frameMask) >>> Paging.PAGE_SHIFT;
    }

    private long neutral(long entry, int level) {
        int write = (entry & writable) != 0 ? Leaf.WRITE : 0;
        return Leaf.of(pfn(entry), level, Leaf.READ | Leaf.EXECUTE | write);
    }

    private long tableEntry(long pfn) {
        return pfn << Paging.PAGE_SHIFT | present | writable;
    }

    private long leafEntry(long pfn, int level, boolean isWritable) {
        return pfn << Paging.PAGE_SHIFT | present | (isWritable ? writable : 0) | (level == Paging.LEVEL_4K ? 0 : leaf);
    }

    /// Maps a gfn. Any thread, inside a fault mark too.
    ///
    /// @param gfn below [#gfnLimit()], aligned for the level
    /// @param pfn aligned for the level
    /// @param level 1, 2 or 3
    /// @param tables zeroed frames for the tables that are missing, at most [#framesNeeded()] are taken
    /// @return [Status#OK]; [Status#SPURIOUS] if a leaf is there that grants the same; NEED_FRAMES and how many, and then at
    ///         most empty tables were linked; LEVEL and the level below if there is a table where the leaf belongs; RETRY if
    ///         there is a leaf for another frame, which is the caller's to judge
    public long publish(long gfn, long pfn, int level, boolean isWritable, FrameCache tables) {
        Objects.checkIndex(gfn, gfnLimit);
        long table = root;
        int at = topLevel;
        while (at > level) {
            long slot = slot(table, gfn, at);
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in link, as in walk
            if ((entry & present) == 0) {
                if (tables.size() < at - level) {
                    return Status.needFrames(at - level);
                }
                link(slot, tables);
                continue; // ours, or the entry of somebody who was faster
            }
            if (isLeaf(entry, at)) {
                return meet(slot, entry, at, gfn, pfn, isWritable);
            }
            table = memory.address(pfn(entry));
            at--;
        }
        long slot = slot(table, gfn, level);
        // ORDERING: volatile, partner: acquire in walk; content that was zeroed before is seen by whoever sees the leaf
        if (Raw.compareAndSetLong(slot, 0, leafEntry(pfn, level, isWritable))) {
            return Status.OK;
        }
        long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet above
        return isLeaf(entry, level)
                ? meet(slot, entry, level, gfn, pfn, isWritable)
                : Status.of(Status.LEVEL, level - 1, 0);
    }

    /// Puts a table into an empty entry, if it is still empty.
    private void link(long slot, FrameCache tables) {
        long pfn = tables.pop();
        // ORDERING: volatile, partner: acquire in walk; the frame was zeroed before
        if (!Raw.compareAndSetLong(slot, 0, tableEntry(pfn))) {
            tables.push(pfn);
        }
    }

    /// A leaf is there already: the same, the same but read-only, or another one.
    private long meet(long slot, long entry, int level, long gfn, long pfn, boolean isWritable) {
        if ((entry & present) == 0 || Leaf.pfn(neutral(entry, level), gfn) != pfn) {
            return Status.of(Status.RETRY);
        }
        if (!isWritable || (entry & writable) != 0) {
            return Status.SPURIOUS;
        }
        // ORDERING: volatile, partner: acquire in walk
        return Raw.compareAndSetLong(slot, entry, entry | writable) ? Status.OK : Status.of(Status.RETRY);
    }

    /// Replaces a huge leaf by a table of 512 leaves of the next smaller level for the same frames with the same permissions.
    /// Translations stay right, so no shootdown is needed.
    ///
    /// @param level of the leaf: 2 or 3
    /// @param tables one zeroed frame
    /// @return [Status#OK]; [Status#SPURIOUS] if there is no leaf of that level at `gfn`; NEED_FRAMES
    public long splitLeaf(long gfn, int level, FrameCache tables) {
        Objects.checkIndex(gfn, gfnLimit);
        long slot = find(gfn, level);
        long entry = slot == 0 ? 0 : Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in publish
        if ((entry & present) == 0 || !isLeaf(entry, level)) {
            return Status.SPURIOUS;
        }
        if (tables.size() == 0) {
            return Status.needFrames(1);
        }
        long table = tables.pop();
        fill(memory.address(table), entry, level - 1);
        // ORDERING: volatile, partner: acquire in walk; the entries of the table come first
        if (Raw.compareAndSetLong(slot, entry, tableEntry(table))) {
            return Status.OK;
        }
        Raw.zero(memory.address(table), Paging.PAGE_SIZE);
        tables.push(table);
        return Status.of(Status.RETRY);
    }

    private void fill(long table, long from, int level) {
        boolean isWritable = (from & writable) != 0;
        long pfn = pfn(from);
        for (int i = 0; i < ENTRIES; i++) {
            Raw.putLong(table + ((long) i << ENTRY_SHIFT), leafEntry(pfn, level, isWritable));
            pfn += Paging.pages(level);
        }
    }

    /// Address of the entry of a level for a gfn, 0 if there is no table of that level.
    private long find(long gfn, int level) {
        long table = root;
        for (int at = topLevel; at > level; at--) {
            long entry = Raw.getLongAcquire(slot(table, gfn, at)); // ORDERING: acquire, partner: as in walk
            if ((entry & present) == 0 || isLeaf(entry, at)) {
                return 0;
            }
            table = memory.address(pfn(entry));
        }
        return slot(table, gfn, level);
    }

    /// Removes the leaves of `[start, end)`; a huge leaf that lies in the range in part goes as a whole. What is not mapped is
    /// skipped at the highest level. The part of the range beyond [#gfnLimit()] is ignored.
    ///
    /// @param detached gets the frames of the tables whose whole span lies in the range. They keep their content: the caller
    ///        frees them after the shootdown
    /// @return how many 4K pages were mapped
    public long unmap(long start, long end, FrameList detached) {
        long last = Math.min(end, gfnLimit);
        return start < last ? unmap(root, topLevel, start, last, detached) : 0;
    }

    private long unmap(long table, int level, long start, long end, FrameList detached) {
        long pages = 0;
        int order = Paging.order(level);
        for (long gfn = start; gfn < end;) {
            long next = Math.min(end, (gfn >>> order) + 1 << order);
            long slot = slot(table, gfn, level);
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in publish
            if ((entry & present) != 0) {
                pages += unmapEntry(slot, entry, level, gfn, next, detached);
            }
            gfn = next;
        }
        return pages;
    }

    private long unmapEntry(long slot, long entry, int level, long start, long end, FrameList detached) {
        if (isLeaf(entry, level)) {
            clear(slot);
            return Paging.pages(level);
        }
        long table = memory.address(pfn(entry));
        if (end - start < Paging.pages(level)) {
            return unmap(table, level - 1, start, end, detached);
        }
        clear(slot);
        long pages = detach(table, level - 1, detached);
        detached.push(pfn(entry), TABLE_ORDER);
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
        for (long slot = table, end = table + Paging.PAGE_SIZE; slot < end; slot += Long.BYTES) {
            long entry = Raw.getLong(slot);
            if ((entry & present) == 0) {
                continue;
            }
            if (isLeaf(entry, level)) {
                pages += Paging.pages(level);
            } else {
                pages += detach(memory.address(pfn(entry)), level - 1, detached);
                detached.push(pfn(entry), TABLE_ORDER);
            }
        }
        return pages;
    }

    /// How many frames the table takes, the root block included. Walks all of it; for reports.
    public long tableFrames() {
        return (1L << rootOrder) + countTables(root, rootEntries, topLevel);
    }

    private long countTables(long table, int entries, int level) {
        long count = 0;
        for (int i = 0; i < entries && level > Paging.LEVEL_4K; i++) {
            long entry = Raw.getLongAcquire(table + ((long) i << ENTRY_SHIFT)); // ORDERING: acquire, partner: as in walk
            if ((entry & present) != 0 && !isLeaf(entry, level)) {
                count += 1 + countTables(memory.address(pfn(entry)), ENTRIES, level - 1);
            }
        }
        return count;
    }

    /// How many leaves there are of a level. Walks all of it, while no table is unlinked and freed; for reports.
    public long leaves(int level) {
        return countLeaves(root, rootEntries, topLevel, level);
    }

    private long countLeaves(long table, int entries, int level, int wanted) {
        long count = 0;
        for (int i = 0; i < entries && level >= wanted; i++) {
            long entry = Raw.getLongAcquire(table + ((long) i << ENTRY_SHIFT)); // ORDERING: acquire, partner: as in walk
            if ((entry & present) == 0) {
                continue;
            }
            if (!isLeaf(entry, level)) {
                count += countLeaves(memory.address(pfn(entry)), ENTRIES, level - 1, wanted);
            } else if (level == wanted) {
                count++;
            }
        }
        return count;
    }

    /// Unmaps everything. Nobody uses the table afterwards.
    ///
    /// @param detached gets the frames of all tables but the root block, which is empty then
    public void close(FrameList detached) {
        unmap(0, gfnLimit, detached);
    }
}
