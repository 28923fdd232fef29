package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// What KVM does with the secure EPT of one TD: tables as they are needed, AUG, and removal in two phases. Levels of the SPI are one
/// above the module's.
final class TdxTable implements GuestTable {
    /// How often a leaf that was busy is tried again before the engine is asked to.
    private static final int BUSY_ROUNDS = 64;

    private final TdxModule module;
    private final ControlPages pages;
    private final long td;
    private final long gfnLimit;
    private final Removal removal;

    TdxTable(TdxModule module, ControlPages pages, TdSettings settings) {
        this.module = module;
        this.pages = pages;
        td = pages.td();
        gfnLimit = PageInfo.sharedBit(settings.gpaw()) >>> Paging.PAGE_SHIFT;
        removal = new Removal(module, td);
    }

    // ---- map ------------------------------------------------------------------------------------------------------------

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        long firstGfn = Paging.floor(gfn, level);
        long firstPfn = Paging.floor(pfn, level);
        if ((work.access & Access.PRIVATE) == 0) {
            return mapShared(firstGfn, firstPfn, level, work.detail);
        }
        if (firstGfn < 0 || firstGfn >= gfnLimit) {
            return denied(firstGfn, firstPfn, work.detail);
        }
        long gpa = firstGfn << Paging.PAGE_SHIFT;
        LeafCall call = Calls.own();
        for (int round = 0; round < BUSY_ROUNDS; round++) {
            module.sept().walk(td, gpa, level - 1, call);
            SeptState state = SeptEntry.state(call.entry);
            if (state.isPage()) {
                return present(gfn, pfn, level, state, call, work);
            }
            if (state.isTable()) {
                if (call.level == level - 1) {
                    return Status.of(Status.LEVEL, level - 1, 0);
                }
                if (!unblock(gpa, call.level, call)) { // it was blocked for a merge that did not come about
                    module.ranges().track(td, call);
                }
                continue;
            }
            long status = call.level > level - 1 ? addTables(gpa, level, call.level, work, call)
                    : augment(firstGfn, firstPfn, level, work, call);
            if (status != AGAIN) {
                return status;
            }
        }
        return Status.of(Status.RETRY);
    }

    /// No status of the module and none of the SPI: go on with the walk.
    private static final long AGAIN = Status.of(0x7f);

    private long addTables(long gpa, int level, int from, TableWork work, LeafCall call) {
        int missing = from - (level - 1);
        if (work.frames.size() < missing) {
            return Status.needFrames(missing);
        }
        for (int at = from; at >= level; at--) {
            long page = work.frames.pop();
            long status = module.tables().add(gpa & -PageInfo.size(at) | at, td, page << Paging.PAGE_SHIFT, call);
            if (status != TdxStatus.SUCCESS) {
                work.frames.push(page); // an empty table that was added before it maps nothing (MAP-1)
                boolean isRace = TdxStatus.isBusy(status)
                        || TdxStatus.kind(status) == TdxStatus.EPT_ENTRY_STATE_INCORRECT
                        || TdxStatus.kind(status) == TdxStatus.EPT_WALK_FAILED;
                return isRace ? AGAIN : denied(gpa >>> Paging.PAGE_SHIFT, page, work.detail);
            }
        }
        return AGAIN;
    }

    private long augment(long gfn, long pfn, int level, TableWork work, LeafCall call) {
        long status = module.pages().aug(gfn << Paging.PAGE_SHIFT | level - 1, td, pfn << Paging.PAGE_SHIFT, call);
        if (status == TdxStatus.SUCCESS) {
            return Status.OK;
        }
        if (TdxStatus.isBusy(status)) {
            return AGAIN;
        }
        long kind = TdxStatus.kind(status);
        if (kind == TdxStatus.EPT_ENTRY_STATE_INCORRECT || kind == TdxStatus.EPT_WALK_FAILED) {
            return AGAIN; // another vCPU was faster; the next walk sees its entry
        }
        if (kind == TdxStatus.TD_FATAL || kind == TdxStatus.TD_KEYS_NOT_CONFIGURED) {
            return Status.of(Status.VM_DEAD);
        }
        if (level > Paging.LEVEL_4K && (kind == TdxStatus.PAGE_METADATA_INCORRECT
                || kind == TdxStatus.OPERAND_ADDR_RANGE_ERROR)) {
            return Status.of(Status.LEVEL, level - 1, 0);
        }
        return denied(gfn, pfn, work.detail);
    }

    /// A page is there already: this one, or another.
    private long present(long gfn, long pfn, int level, SeptState state, LeafCall call, TableWork work) {
        long gpa = gfn << Paging.PAGE_SHIFT;
        int found = call.level;
        long at = SeptEntry.hpa(call.entry, found) + (gpa & PageInfo.size(found) - 1);
        if (at != pfn << Paging.PAGE_SHIFT) {
            return denied(gfn, at >>> Paging.PAGE_SHIFT, work.detail);
        }
        work.level = Math.min(level, found + 1);
        if (state.isBlocked() && !unblock(gpa, found, call)) {
            module.ranges().track(td, call);
            return Status.of(Status.RETRY);
        }
        return state.isBlocked() ? Status.OK : Status.SPURIOUS;
    }

    private boolean unblock(long gpa, int level, LeafCall call) {
        return module.ranges().unblock(gpa & -PageInfo.size(level) | level, td, call) == TdxStatus.SUCCESS;
    }

    private long mapShared(long gfn, long pfn, int level, FaultDetail detail) {
        for (long at = pfn; at < pfn + Paging.pages(level); at++) {
            if (module.pamt().typeOf(at << Paging.PAGE_SHIFT) > PageType.RSVD) {
                return denied(gfn, at, detail);
            }
        }
        return Status.OK;
    }

    private long denied(long gfn, long pfn, FaultDetail detail) {
        long pa = pfn << Paging.PAGE_SHIFT;
        detail.gfn = gfn;
        detail.pfn = pfn;
        int type = module.pamt().typeOf(pa);
        if (type > PageType.RSVD) {
            long owner = type == PageType.TDR ? pa : module.pamt().owner(pa, module.pamt().leafLevel(pa));
            detail.owner = owner >>> Paging.PAGE_SHIFT;
        }
        return Status.of(Status.DENIED, 0, type);
    }

    /// Adds a page of the launch with its content.
    long load(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        if (item.gfn() >= gfnLimit) {
            return denied(item.gfn(), pfn, work.detail);
        }
        LeafCall call = Calls.own();
        module.sept().walk(td, gpa, 0, call);
        if (call.level > 0 && !SeptEntry.state(call.entry).isPage()) {
            long status = addTables(gpa, Paging.LEVEL_4K, call.level, work, call);
            if (status != AGAIN) {
                return status;
            }
        }
        long status = module.pages().add(gpa, td, pfn << Paging.PAGE_SHIFT, sourcePfn << Paging.PAGE_SHIFT, call);
        return status == TdxStatus.SUCCESS ? Status.OK
                : TdxStatus.isBusy(status) ? Status.of(Status.RETRY) : denied(item.gfn(), pfn, work.detail);
    }

    // ---- block, flush, remove -------------------------------------------------------------------------------------------

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

    // ---- resize, inspect ------------------------------------------------------------------------------------------------

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        LeafCall call = Calls.own();
        long gpa = gfn << Paging.PAGE_SHIFT;
        module.sept().walk(td, gpa, 0, call);
        int found = call.level;
        if (level == Paging.LEVEL_4K) {
            return found == 1 && SeptEntry.isLeaf(call.entry) ? split(gpa, work, call) : Status.SPURIOUS;
        }
        if (level != Paging.LEVEL_2M) {
            return Status.of(Status.DENIED);
        }
        if (found == 0 || found == 1 && SeptEntry.state(call.entry).isTable()) {
            return merge(gpa, work, call);
        }
        return found == 1 && SeptEntry.isLeaf(call.entry) ? Status.SPURIOUS : Status.of(Status.DENIED);
    }

    private long split(long gpa, TableWork work, LeafCall call) {
        if (work.frames.size() == 0) {
            return Status.needFrames(1);
        }
        long page = work.frames.pop();
        long status = module.sizes().demote(gpa & -PageInfo.size(1) | 1, td, page << Paging.PAGE_SHIFT, call);
        if (status == TdxStatus.SUCCESS) {
            return Status.OK;
        }
        work.frames.push(page);
        return Status.of(Status.RETRY);
    }

    /// KVM maps small pages only, so this is the machine's promise more than a host's habit: block the table, track, promote.
    private long merge(long gpa, TableWork work, LeafCall call) {
        long operand = gpa & -PageInfo.size(1) | 1;
        if (module.control().opState(td).needsTracking()
                && TdxStatus.isError(module.ranges().block(operand, td, call))) {
            return Status.of(Status.RETRY);
        }
        if (module.ranges().track(td, call) != TdxStatus.SUCCESS) {
            return Status.of(Status.RETRY);
        }
        long status = module.sizes().promote(operand, td, call);
        if (status == TdxStatus.SUCCESS) {
            long table = call.rcx;
            module.physical().writeBack(table, call);
            module.memory().zero(table, Paging.PAGE_SIZE);
            work.frames.push(table >>> Paging.PAGE_SHIFT);
            return Status.OK;
        }
        boolean isMixed = status == TdxStatus.of(TdxStatus.EPT_INVALID_PROMOTE_CONDITIONS, OperandId.RCX);
        return isMixed && unblock(gpa, 1, call) ? Status.of(Status.DENIED) : Status.of(Status.RETRY);
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
