package org.enclosure.testarch.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.StageTwo;
import org.enclosure.testarch.machine.TestMachine;

/// The machine's stage 2 as the host of one VM uses it: tables are added as they are needed, leaves go in two phases.
final class BackendOwnedTable implements GuestTable {
    private static final long ABSENT = 0;
    private static final long SHARED = 1;
    private static final long PRIVATE = 2;
    private static final long BLOCKED = 3;

    private final TestMachine machine;
    private final StageTwo tables;
    private final FrameTable frames;
    private final long control;
    private final int owner;
    private final boolean hasShared;

    /// Drives the tables below a control page.
    ///
    /// @param hasShared whether the shared half is in them, too
    BackendOwnedTable(TestMachine machine, long control, boolean hasShared) {
        this.machine = machine;
        tables = machine.stageTwo();
        frames = machine.frames();
        owner = tables.owner(control);
        this.control = control;
        this.hasShared = hasShared;
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        boolean isPrivate = (work.access & Access.PRIVATE) != 0;
        work.level = level;
        long firstGfn = Paging.floor(gfn, level);
        long firstPfn = Paging.floor(pfn, level);
        int code = firstGfn >= StageTwo.GFN_LIMIT ? Code.BAD_OPERAND
                : isPrivate ? Code.SUCCESS : frames.checkHost(firstPfn, Paging.pages(level));
        if (code != Code.SUCCESS) {
            return Denial.of(frames, firstGfn, firstPfn, Paging.pages(level), 0, code, work.detail);
        }
        return isPrivate || hasShared ? add(firstGfn, firstPfn, level, -1, isPrivate ? Entry.PRIVATE : 0, work)
                : Status.OK;
    }

    /// Refuses to make pages shared that the launch locked; blocks every leaf that has a page in the range.
    @Override
    public long block(long gfn, long npages, TableWork work) {
        if (work.reason == TableWork.CONVERT && !work.toPrivate && (work.access & Access.PRIVATE) != 0) {
            for (long at = gfn; at < gfn + npages; at = next(at)) {
                if ((entry(at) & Entry.LOCKED) != 0) {
                    work.detail.gfn = at;
                    work.detail.owner = owner;
                    return Status.of(Status.DENIED);
                }
            }
        }
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            int code = tables.block(control, at);
            if (code == Code.BUSY) {
                return Status.of(Status.RETRY);
            }
            work.done += code == Code.SUCCESS ? Math.min(next(at), gfn + npages) - at : 0;
        }
        return Status.OK;
    }

    @Override
    public long flush(TableWork work) {
        return machine.epochs().flush(control) == Code.SUCCESS ? Status.OK : Status.of(Status.RETRY);
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    /// Removes leaves that were blocked and flushed; a 2M leaf as a whole only. In a VM that ends, the tables are gone already.
    /// Only what was removed was wiped: a run that was mapped in part has lost its content.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        long kind = work.access & Access.PRIVATE;
        work.done = npages;
        work.content = TableWork.KEPT;
        if (gfn < 0) {
            return Status.SPURIOUS; // what is bound nowhere is in no table, and its frames are the host's
        }
        long removed = 0;
        if (work.reason == TableWork.TEARDOWN) {
            removed = frames.release(pfn, npages, owner, FrameTable.WIPE);
        } else if (canRemove(gfn, npages, kind)) {
            removed = removeLeaves(gfn, npages, kind);
        } else {
            return Status.of(Status.RETRY);
        }
        work.content = kind == 0 || removed == 0 ? TableWork.KEPT
                : removed == npages ? TableWork.ZEROED : TableWork.LOST;
        return removed == 0 ? Status.SPURIOUS : Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        long where = tables.find(control, gfn, Paging.LEVEL_2M);
        if (level != Paging.LEVEL_4K) {
            return level == Paging.LEVEL_2M ? merge(gfn, where, work) : Status.of(Status.DENIED);
        }
        if (!Entry.isLeaf(tables.entry(where))) {
            return Status.SPURIOUS;
        }
        if (work.frames.size() == 0) {
            return Status.needFrames(1);
        }
        long table = work.frames.pop();
        if (tables.split(control, gfn, table << Paging.PAGE_SHIFT) == Code.SUCCESS) {
            return Status.OK;
        }
        work.frames.push(table);
        return Status.of(Status.RETRY);
    }

    private long merge(long gfn, long where, TableWork work) {
        long entry = tables.entry(where);
        if (Entry.isLeaf(entry)) {
            return Status.SPURIOUS;
        }
        int code = tables.merge(control, gfn);
        if (code == Code.SUCCESS) {
            work.frames.push(Entry.address(entry) >>> Paging.PAGE_SHIFT);
            return Status.OK;
        }
        return Status.of(code == Code.BUSY ? Status.RETRY : Status.DENIED);
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        long entry = entry(gfn);
        if (!Entry.isLeaf(entry)) {
            return pfn >= 0 && (work.access & Access.PRIVATE) == 0 && !hasShared ? SHARED : ABSENT;
        }
        return (entry & Entry.BLOCKED) != 0 ? BLOCKED : (entry & Entry.PRIVATE) != 0 ? PRIVATE : SHARED;
    }

    /// Adds a page of the launch with its content.
    long load(LaunchItem item, long pfn, long source, TableWork work) {
        work.level = Paging.LEVEL_4K;
        long status = add(item.gfn(), pfn, Paging.LEVEL_4K, source, Entry.PRIVATE | item.flags() & Entry.LOCKED, work);
        return status == Status.SPURIOUS ? Denial.of(frames, item.gfn(), pfn, 1, 0, Code.ALREADY, work.detail) : status;
    }

    private long add(long gfn, long pfn, int level, long source, long flags, TableWork work) {
        long status = addTables(gfn, level, work);
        if (status != Status.OK) {
            return status;
        }
        int code = tables.addLeaf(control, gfn, level, pfn << Paging.PAGE_SHIFT, source, flags);
        return switch (code) {
            case Code.SUCCESS -> Status.OK;
            case Code.ALREADY -> Status.SPURIOUS;
            case Code.BUSY, Code.MISSING -> Status.of(Status.RETRY);
            case Code.SIZE_MISMATCH -> Status.of(Status.LEVEL, Paging.LEVEL_4K, code);
            default -> Denial.of(frames, gfn, pfn, Paging.pages(level), owner, code, work.detail);
        };
    }

    /// Adds the tables that a leaf of `level` needs. They stay when the leaf cannot be added: they are in a table (FRM-1), and
    /// an empty table maps nothing (MAP-1).
    private long addTables(long gfn, int level, TableWork work) {
        long where = tables.find(control, gfn, level);
        int missing = tables.entry(where) == 0 ? StageTwo.level(where) - level : 0;
        if (work.frames.size() < missing) {
            return Status.needFrames(missing);
        }
        for (int at = StageTwo.level(where); missing > 0; missing--, at--) {
            long table = work.frames.pop();
            int code = tables.addTable(control, gfn, at, table << Paging.PAGE_SHIFT);
            if (code != Code.SUCCESS) {
                work.frames.push(table);
            }
            if (code != Code.SUCCESS && code != Code.ALREADY) {
                return Status.of(Status.RETRY);
            }
        }
        return Status.OK;
    }

    private boolean canRemove(long gfn, long npages, long kind) {
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            long where = tables.find(control, at, Paging.LEVEL_4K);
            long entry = tables.entry(where);
            boolean isWhole = Paging.isAligned(at, StageTwo.level(where)) && next(at) <= gfn + npages;
            if (isOf(kind, entry) && !(isWhole && tables.isFlushed(control, entry))) {
                return false;
            }
        }
        return true;
    }

    private long removeLeaves(long gfn, long npages, long kind) {
        long removed = 0;
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            long size = Paging.pages(level(at));
            if (isOf(kind, entry(at)) && tables.removeLeaf(control, at) == Code.SUCCESS) {
                removed += size;
            }
        }
        return removed;
    }

    private static boolean isOf(long kind, long entry) {
        return Entry.isLeaf(entry) && (entry & Entry.PRIVATE) != 0 == (kind != 0);
    }

    private long entry(long gfn) {
        return tables.entry(tables.find(control, gfn, Paging.LEVEL_4K));
    }

    private int level(long gfn) {
        return StageTwo.level(tables.find(control, gfn, Paging.LEVEL_4K));
    }

    /// The first gfn behind what the entry that decides about `gfn` covers.
    private long next(long gfn) {
        int level = level(gfn);
        return Paging.floor(gfn, level) + Paging.pages(level);
    }
}
