package org.enclosure.testarch.machine;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;

/// The tables of a VM whose stage 2 the machine keeps: a radix of 512 entries a table, in frames that the host hands over, below
/// the root in the control page. Entries are [Entry] words, changed by compare-and-set.
///
/// A `where` is the address of an entry with its level in the low three bits.
public final class StageTwo {
    /// The first gfn that the tables cannot map.
    public static final long GFN_LIMIT = Control.ROOT_ENTRIES * Paging.pages(Control.ROOT_LEVEL);
    /// Levels below the root: the most tables that one leaf needs.
    public static final int TABLE_LEVELS = Control.ROOT_LEVEL - 1;

    private static final long LEVEL_MASK = 7;
    private static final int INDEX_MASK = (1 << Paging.LEVEL_SHIFT) - 1;

    private final PhysicalMemory memory;
    private final FrameTable frames;
    private final Epochs epochs;

    /// Creates the operations on tables in `memory`.
    public StageTwo(PhysicalMemory memory, FrameTable frames, Epochs epochs) {
        this.memory = memory;
        this.frames = frames;
        this.epochs = epochs;
    }

    /// Makes a zeroed frame of the host the control page of a VM.
    public int init(long control, int owner) {
        int answer = addStructure(control, owner, FrameWord.CONTROL);
        if (answer == Code.SUCCESS) {
            memory.putLong(control + Control.OWNER, owner);
            memory.putLongRelease(control + Control.EPOCH, Control.FIRST_EPOCH); // ORDERING: partner Epochs.enter
        }
        return answer;
    }

    /// Ends a VM that has no tables left: its control page is the host's again.
    public int close(long control) {
        memory.zero(control, Paging.PAGE_SIZE);
        return frames.releaseStructure(control >>> Paging.PAGE_SHIFT);
    }

    /// Whether an address is a control page.
    public boolean isControl(long pa) {
        return Paging.isPageAligned(pa) && (frames.word(pa >>> Paging.PAGE_SHIFT) & FrameWord.CONTROL) != 0;
    }

    /// The VM's owner number.
    public int owner(long control) {
        return (int) memory.getLong(control + Control.OWNER);
    }

    /// Whether the VM was killed.
    public boolean isDead(long control) {
        return memory.getLongAcquire(control + Control.DEAD) != 0; // ORDERING: partner kill
    }

    /// Kills the VM.
    public void kill(long control) {
        memory.putLongRelease(control + Control.DEAD, 1); // ORDERING: partner isDead
    }

    /// Walks to the entry that decides about `gfn`, which is below [#GFN_LIMIT]: the entry of level `downTo`, or one above
    /// that is no table.
    ///
    /// @return a `where`
    public long find(long control, long gfn, int downTo) {
        long at = control + Control.ROOT + (gfn >>> Paging.order(Control.ROOT_LEVEL)) * Long.BYTES;
        for (int level = Control.ROOT_LEVEL;; level--) {
            long entry = memory.getLongAcquire(at); // ORDERING: partner replace
            if (level == downTo || !Entry.isTable(entry)) {
                return at | level;
            }
            at = Entry.address(entry) + (gfn >>> Paging.order(level - 1) & INDEX_MASK) * Long.BYTES;
        }
    }

    /// The level of a `where`.
    public static int level(long where) {
        return (int) (where & LEVEL_MASK);
    }

    /// The entry at a `where`.
    public long entry(long where) {
        return memory.getLongAcquire(where & ~LEVEL_MASK); // ORDERING: partner replace
    }

    /// Hangs the zeroed table `pa` below the entry of `level` for `gfn`: SUCCESS, ALREADY (there is one), MISSING (not even
    /// above), SIZE_MISMATCH (a leaf is there), or why the frame cannot be taken.
    public int addTable(long control, long gfn, int level, long pa) {
        long where = find(control, gfn, level);
        long entry = entry(where);
        if (entry != 0) {
            return Entry.isTable(entry) ? Code.ALREADY : Code.SIZE_MISMATCH;
        }
        if (level(where) != level) {
            return Code.MISSING;
        }
        int answer = addStructure(pa, owner(control), 0);
        if (answer == Code.SUCCESS && !replace(where, 0, Entry.table(pa))) {
            frames.releaseStructure(pa >>> Paging.PAGE_SHIFT);
            return Code.BUSY;
        }
        return answer;
    }

    /// Maps a page, or unblocks it if it is there. A private page takes its frames first and is filled before it can be reached.
    ///
    /// @param source address of the content, `pa` to leave it, -1 to zero it
    /// @param flags PRIVATE and LOCKED of [Entry]
    public int addLeaf(long control, long gfn, int level, long pa, long source, long flags) {
        long where = find(control, gfn, level);
        long entry = entry(where);
        if (entry != 0) {
            return existing(where, entry, gfn, pa, flags);
        }
        if (level(where) != level) {
            return Code.MISSING;
        }
        boolean isPrivate = (flags & Entry.PRIVATE) != 0;
        long pfn = pa >>> Paging.PAGE_SHIFT;
        long npages = Paging.pages(level);
        int answer = isPrivate ? frames.claim(pfn, npages, gfn, owner(control), FrameWord.INTEGRITY) : Code.SUCCESS;
        if (answer != Code.SUCCESS) {
            return answer == Code.ALREADY ? Code.BUSY : answer;
        }
        if (isPrivate) {
            frames.fill(pa, source, npages << Paging.PAGE_SHIFT);
        }
        boolean linked = replace(where, 0, Entry.leaf(pa, flags));
        if (isPrivate && linked) {
            frames.commit(pfn, npages);
        } else if (isPrivate) {
            frames.undo(pfn, npages);
        }
        return linked ? Code.SUCCESS : Code.BUSY;
    }

    /// Blocks the leaf that covers `gfn` in this epoch: SUCCESS, MISSING or BUSY.
    public int block(long control, long gfn) {
        long where = find(control, gfn, Paging.LEVEL_4K);
        long entry = entry(where);
        if (!Entry.isLeaf(entry)) {
            return Code.MISSING;
        }
        int epoch = epochs.epoch(control);
        memory.putLongRelease(control + Control.BLOCKED_IN, epoch); // ORDERING: partner Epochs.flush
        return replace(where, entry, Entry.blocked(entry, epoch)) ? Code.SUCCESS : Code.BUSY;
    }

    /// Whether the leaf `entry` is blocked and no vCPU can reach it.
    public boolean isFlushed(long control, long entry) {
        return (entry & Entry.BLOCKED) != 0 && epochs.isFlushed(control, Entry.blockedIn(entry), Entry.EPOCH_MASK);
    }

    /// Removes the leaf that covers `gfn`; the frames of a private one are wiped and the host's.
    public int removeLeaf(long control, long gfn) {
        long where = find(control, gfn, Paging.LEVEL_4K);
        long entry = entry(where);
        if (!Entry.isLeaf(entry)) {
            return Code.MISSING;
        }
        if (!isFlushed(control, entry)) {
            return Code.NOT_FLUSHED;
        }
        if (!replace(where, entry, 0)) {
            return Code.BUSY;
        }
        if ((entry & Entry.PRIVATE) != 0) {
            long pfn = Entry.address(entry) >>> Paging.PAGE_SHIFT;
            frames.release(pfn, Paging.pages(level(where)), owner(control), FrameTable.WIPE);
        }
        return Code.SUCCESS;
    }

    /// Replaces the blocked and flushed 2M leaf that covers `gfn` by 512 leaves in the table `pa`.
    public int split(long control, long gfn, long pa) {
        long where = find(control, gfn, Paging.LEVEL_2M);
        long entry = entry(where);
        if (!Entry.isLeaf(entry) || level(where) != Paging.LEVEL_2M) {
            return Code.MISSING;
        }
        if (!isFlushed(control, entry)) {
            return Code.NOT_FLUSHED;
        }
        int answer = addStructure(pa, owner(control), 0);
        if (answer != Code.SUCCESS) {
            return answer;
        }
        for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
            memory.putLong(pa + i * Long.BYTES, Entry.unblocked(entry) + (i << Paging.PAGE_SHIFT));
        }
        return replace(where, entry, Entry.table(pa)) ? Code.SUCCESS : Code.BUSY;
    }

    /// Replaces the table of 512 leaves around `gfn` by one 2M leaf: MISSING (there is no such table), MISMATCH (the leaves are not
    /// of one kind and one block), BUSY. The table's frame is the host's and zero afterwards.
    public int merge(long control, long gfn) {
        long where = find(control, gfn, Paging.LEVEL_2M);
        long entry = entry(where);
        if (!Entry.isTable(entry) || level(where) != Paging.LEVEL_2M) {
            return Code.MISSING;
        }
        long table = Entry.address(entry);
        long first = memory.getLongAcquire(table); // ORDERING: partner replace
        if (!Entry.isLeaf(first) || (first & Entry.BLOCKED) != 0
                || !Paging.isAligned(Entry.address(first) >>> Paging.PAGE_SHIFT, Paging.LEVEL_2M)) {
            return Code.MISMATCH;
        }
        for (long i = 1; i < Paging.PAGES_PER_2M; i++) {
            // ORDERING: partner replace
            if (memory.getLongAcquire(table + i * Long.BYTES) != first + (i << Paging.PAGE_SHIFT)) {
                return Code.MISMATCH;
            }
        }
        if (!replace(where, entry, first)) {
            return Code.BUSY;
        }
        memory.zero(table, Paging.PAGE_SIZE);
        return frames.releaseStructure(table >>> Paging.PAGE_SHIFT);
    }

    /// Takes one lowest table out of a VM that does not run, with the leaves in it.
    ///
    /// @return its address, or -1 if there is none
    public long dropTable(long control) {
        long table = control + Control.ROOT;
        long parent = -1;
        for (long child = firstTable(table, Control.ROOT_ENTRIES); child >= 0; child = firstTable(table,
                INDEX_MASK + 1)) {
            parent = child;
            table = Entry.address(memory.getLongAcquire(child)); // ORDERING: partner replace
        }
        if (parent < 0) {
            return -1;
        }
        memory.putLongRelease(parent, 0); // ORDERING: partner find
        frames.releaseStructure(table >>> Paging.PAGE_SHIFT);
        return table;
    }

    private long firstTable(long table, int entries) {
        for (long at = table; at < table + (long) entries * Long.BYTES; at += Long.BYTES) {
            if (Entry.isTable(memory.getLongAcquire(at))) { // ORDERING: partner replace
                return at;
            }
        }
        return -1;
    }

    private int addStructure(long pa, int owner, long flags) {
        int answer = frames.assign(pa >>> Paging.PAGE_SHIFT, 1, 0, owner, FrameWord.STRUCTURE | flags);
        return answer == Code.ALREADY ? Code.MISMATCH : answer;
    }

    private int existing(long where, long entry, long gfn, long pa, long flags) {
        if (!Entry.isLeaf(entry)) {
            return Code.SIZE_MISMATCH;
        }
        long offset = gfn - Paging.floor(gfn, level(where)) << Paging.PAGE_SHIFT;
        if (Entry.address(entry) + offset != pa || ((entry ^ flags) & Entry.PRIVATE) != 0) {
            return Code.MISMATCH;
        }
        if ((entry & Entry.BLOCKED) == 0) {
            return Code.ALREADY;
        }
        return replace(where, entry, Entry.unblocked(entry)) ? Code.SUCCESS : Code.BUSY;
    }

    private boolean replace(long where, long expected, long entry) {
        return memory.compareAndSet(where & ~LEVEL_MASK, expected, entry); // ORDERING: partner find, entry
    }
}
