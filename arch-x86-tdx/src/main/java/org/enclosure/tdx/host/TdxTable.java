package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.TdxStatus;

/// What KVM does with the secure EPT of one TD: tables as they are needed, AUG, and removal in two phases. Levels of the SPI are one
/// above the module's.
final class TdxTable implements GuestTable {
    /// How often a leaf that was busy is tried again before the engine is asked to.
    static final int BUSY_ROUNDS = 64;

    private final TdxModule module;
    private final ControlPages pages;
    private final long td;
    private final long gfnLimit;
    private final Placement placement;
    private final Removal removal;
    private final Resizing resizing;

    TdxTable(TdxModule module, ControlPages pages, TdSettings settings) {
        this.module = module;
        this.pages = pages;
        td = pages.td();
        gfnLimit = PageInfo.sharedBit(settings.gpaw()) >>> Paging.PAGE_SHIFT;
        placement = new Placement(module, td, gfnLimit);
        removal = new Removal(module, td);
        resizing = new Resizing(module, td);
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        return placement.map(gfn, pfn, level, work);
    }

    /// Adds a page of the launch with its content.
    long load(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        return placement.load(item, pfn, sourcePfn, work);
    }

    /// Blocks every page that has a part in the range; nothing ever stands in the way.
    @Override
    public long block(long gfn, long npages, TableWork work) {
        if ((work.access & Access.PRIVATE) == 0 || module.control().isTornDown(td)) {
            return Status.OK;
        }
        if (module.control().isFatal(td)) {
            work.done = npages; // no vCPU enters any more; those that are inside are kicked
            return Status.OK;
        }
        LeafCall call = Calls.own();
        long end = gfn + npages;
        for (long at = gfn; at < end;) {
            module.sept().walk(td, at << Paging.PAGE_SHIFT, 0, call);
            int level = call.level;
            long next = next(at, level);
            if (SeptEntry.isLeaf(call.entry)) {
                if (!SeptEntry.state(call.entry).isBlocked() && !blockLeaf(at, level, call)) {
                    return Status.of(Status.RETRY);
                }
                work.done += Math.min(next, end) - at;
            }
            at = next;
        }
        return Status.OK;
    }

    private boolean blockLeaf(long gfn, int level, LeafCall call) {
        long gpa = gfn << Paging.PAGE_SHIFT;
        long status = TdxStatus.OPERAND_BUSY;
        for (int round = 0; round < BUSY_ROUNDS && TdxStatus.isBusy(status); round++) {
            status = module.ranges().block(gpa & -PageInfo.size(level) | level, td, call);
        }
        return !TdxStatus.isError(status);
    }

    @Override
    public long flush(TableWork work) {
        long status = module.ranges().track(td, Calls.own());
        boolean isDone = status == TdxStatus.SUCCESS || status == TdxStatus.TD_FATAL
                || status == TdxStatus.TD_KEYS_NOT_CONFIGURED;
        return isDone ? Status.OK : Status.of(Status.RETRY);
    }

    /// Nothing: who owns a page is told by its removal and by the next AUG.
    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (module.control().isFatal(td) && !pages.releaseKey()) {
            return Status.of(Status.RETRY);
        }
        if (module.control().isTornDown(td)) {
            return removal.reclaim(pfn, npages, work);
        }
        if (gfn < 0 || (work.access & Access.PRIVATE) == 0) {
            return Status.SPURIOUS;
        }
        return removal.remove(gfn, pfn, npages, work);
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        return resizing.resize(gfn, level, work);
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        if ((work.access & Access.PRIVATE) == 0) {
            return pfn >= 0 ? TdxTypes.SHARED : TdxTypes.NONE;
        }
        if (gfn < 0 || gfn >= gfnLimit || module.control().isTornDown(td)) {
            return TdxTypes.NONE;
        }
        LeafCall call = Calls.own();
        module.sept().walk(td, gfn << Paging.PAGE_SHIFT, 0, call);
        return (long) TdxTypes.FIRST_PRIVATE + SeptEntry.state(call.entry).index();
    }

    static long next(long gfn, int level) {
        long size = 1L << 9 * level;
        return (gfn & -size) + size;
    }
}
