package org.enclosure.testarch.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.FrameWord;
import org.enclosure.testarch.machine.TestMachine;

/// The frame table as the host of one VM uses it. Blocking and flushing is the engine's own matter here, because the leaves are.
final class CoreOwnedTable implements GuestTable {
    private static final long HOLE = 0;
    private static final long SHARED = 1;
    private static final long UNACCEPTED = 2;
    private static final long ACCEPTED = 3;

    private final FrameTable frames;
    private final int owner;

    CoreOwnedTable(TestMachine machine, int owner) {
        frames = machine.frames();
        this.owner = owner;
    }

    /// Takes the frames of a private page. A 2M page over frames that are owned as 4K pages is refused with LEVEL.
    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        boolean isPrivate = (work.access & Access.PRIVATE) != 0;
        long size = level == Paging.LEVEL_2M ? FrameWord.LARGE : 0;
        long npages = Paging.pages(level);
        long firstPfn = Paging.floor(pfn, level);
        long firstGfn = Paging.floor(gfn, level);
        int code = isPrivate ? frames.assign(firstPfn, npages, firstGfn, owner, size)
                : frames.checkHost(firstPfn, npages);
        work.level = level;
        return switch (code) {
            case Code.SUCCESS -> Status.OK;
            // A 4K page of a frame that is part of a 2M page: the guest's access shows the difference and asks for a split.
            case Code.ALREADY -> Status.SPURIOUS;
            case Code.BUSY -> Status.of(Status.RETRY);
            case Code.SIZE_MISMATCH ->
                level == Paging.LEVEL_4K ? Status.SPURIOUS : Status.of(Status.LEVEL, Paging.LEVEL_4K, code);
            default -> Denial.of(frames, firstGfn, firstPfn, npages, isPrivate ? owner : 0, code, work.detail);
        };
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    @Override
    public long flush(TableWork work) {
        return Status.OK;
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (work.reason == TableWork.SLOT) {
            return Status.OK; // the frame word still names its page, so neither the host nor another page gets the bytes
        }
        if (frames.release(pfn, npages, owner, FrameTable.SCRAMBLE) == 0) {
            return Status.SPURIOUS;
        }
        work.content = TableWork.LOST;
        return Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        if (level != Paging.LEVEL_4K) {
            return Status.of(Status.DENIED);
        }
        return frames.split(pfn) == Code.ALREADY ? Status.SPURIOUS : Status.OK;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        long word = frames.word(pfn);
        if (pfn < 0 || !FrameWord.is(word, owner, gfn)) {
            return pfn < 0 ? HOLE : SHARED;
        }
        return (word & FrameWord.ACCEPTED) != 0 ? ACCEPTED : UNACCEPTED;
    }

    /// Takes a page of the launch: it is accepted from the start.
    long load(LaunchItem item, long pfn, long source, TableWork work) {
        work.access |= Access.PRIVATE;
        long status = map(item.gfn(), pfn, Paging.LEVEL_4K, work);
        if (status == Status.OK) {
            frames.fill(pfn << Paging.PAGE_SHIFT, source, Paging.PAGE_SIZE);
            frames.accept(pfn, 1, true);
        }
        return status == Status.SPURIOUS ? Denial.of(frames, item.gfn(), pfn, 1, 0, Code.ALREADY, work.detail) : status;
    }
}
