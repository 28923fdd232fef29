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
    private final HostMemory memory;
    private final S2Entries entries;
    private final S2Removal removal;
    private final S2Census census;
    private final int topLevel;
    private final int rootOrder;
    private final long gfnLimit;
    private final long root;

    /// Creates an empty table.
    ///
    /// @param rootPfn first frame of a zeroed block of order [S2Format#rootOrder()], which the caller frees after [#close]
    /// @throws IllegalArgumentException if the format has no bits for the addresses of all frames
    public S2Table(HostMemory memory, S2Format format, long rootPfn) {
        this.memory = memory;
        entries = new S2Entries(memory, format);
        removal = new S2Removal(entries);
        census = new S2Census(entries);
        topLevel = format.topLevel();
        rootOrder = format.rootOrder();
        gfnLimit = format.gfnLimit();
        root = memory.address(rootPfn);
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
            long entry = Raw.getLongAcquire(entries.slot(table, gfn, level));
            if (entries.isEmpty(entry)) {
                return Leaf.NONE;
            }
            if (entries.isLeaf(entry, level)) {
                return entries.neutral(entry, level);
            }
            table = entries.tableOf(entry);
        }
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
            long slot = entries.slot(table, gfn, at);
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in link, as in walk
            if (entries.isEmpty(entry)) {
                if (tables.size() < at - level) {
                    return Status.needFrames(at - level);
                }
                link(slot, tables);
                continue; // ours, or the entry of somebody who was faster
            }
            if (entries.isLeaf(entry, at)) {
                return meet(slot, entry, at, gfn, pfn, isWritable);
            }
            table = entries.tableOf(entry);
            at--;
        }
        long slot = entries.slot(table, gfn, level);
        // ORDERING: volatile, partner: acquire in walk; content that was zeroed before is seen by whoever sees the leaf
        if (Raw.compareAndSetLong(slot, 0, entries.leafEntry(pfn, level, isWritable))) {
            return Status.OK;
        }
        long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet above
        return entries.isLeaf(entry, level)
                ? meet(slot, entry, level, gfn, pfn, isWritable)
                : Status.of(Status.LEVEL, level - 1, 0);
    }

    /// Puts a table into an empty entry, if it is still empty.
    private void link(long slot, FrameCache tables) {
        long pfn = tables.pop();
        // ORDERING: volatile, partner: acquire in walk; the frame was zeroed before
        if (!Raw.compareAndSetLong(slot, 0, entries.tableEntry(pfn))) {
            tables.push(pfn);
        }
    }

    /// A leaf is there already: the same, the same but read-only, or another one.
    private long meet(long slot, long entry, int level, long gfn, long pfn, boolean isWritable) {
        if (entries.isEmpty(entry) || Leaf.pfn(entries.neutral(entry, level), gfn) != pfn) {
            return Status.of(Status.RETRY);
        }
        long granting = isWritable ? entries.writable(entry) : entry;
        if (granting == entry) {
            return Status.SPURIOUS;
        }
        // ORDERING: volatile, partner: acquire in walk
        return Raw.compareAndSetLong(slot, entry, granting) ? Status.OK : Status.of(Status.RETRY);
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
        if (entries.isEmpty(entry) || !entries.isLeaf(entry, level)) {
            return Status.SPURIOUS;
        }
        if (tables.size() == 0) {
            return Status.needFrames(1);
        }
        long table = tables.pop();
        entries.fill(memory.address(table), entry, level - 1);
        // ORDERING: volatile, partner: acquire in walk; the entries of the table come first
        if (Raw.compareAndSetLong(slot, entry, entries.tableEntry(table))) {
            return Status.OK;
        }
        Raw.zero(memory.address(table), Paging.PAGE_SIZE);
        tables.push(table);
        return Status.of(Status.RETRY);
    }

    /// Address of the entry of a level for a gfn, 0 if there is no table of that level.
    private long find(long gfn, int level) {
        long table = root;
        for (int at = topLevel; at > level; at--) {
            long entry = Raw.getLongAcquire(entries.slot(table, gfn, at)); // ORDERING: acquire, partner: as in walk
            if (entries.isEmpty(entry) || entries.isLeaf(entry, at)) {
                return 0;
            }
            table = entries.tableOf(entry);
        }
        return entries.slot(table, gfn, level);
    }

    /// Removes the leaves of `[start, end)`; a huge leaf that lies in the range in part goes as a whole. What is not mapped is
    /// skipped at the highest level. The part of the range beyond [#gfnLimit()] is ignored.
    ///
    /// @param detached gets the frames of the tables whose whole span lies in the range. They keep their content: the caller
    ///        frees them after the shootdown
    /// @return how many 4K pages were mapped
    public long unmap(long start, long end, FrameList detached) {
        long last = Math.min(end, gfnLimit);
        return start < last ? removal.unmap(root, topLevel, start, last, detached) : 0;
    }

    /// How many frames the table takes, the root block included. Walks all of it; for reports.
    public long tableFrames() {
        return (1L << rootOrder) + census.tables(root, topLevel);
    }

    /// How many leaves there are of a level. Walks all of it, while no table is unlinked and freed; for reports.
    public long leaves(int level) {
        return census.leaves(root, topLevel, level);
    }

    /// Unmaps everything. Nobody uses the table afterwards.
    ///
    /// @param detached gets the frames of all tables but the root block, which is empty then
    public void close(FrameList detached) {
        unmap(0, gfnLimit, detached);
    }
}
