package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// How pages come to a TD, by a fault or by its launch: tables as they are needed, then AUG or ADD.
final class Placement {
    /// No status of the module and none of the SPI: go on with the walk.
    private static final long AGAIN = Status.of(0x7f);

    private final TdxModule module;
    private final long td;
    private final long gfnLimit;

    Placement(TdxModule module, long td, long gfnLimit) {
        this.module = module;
        this.td = td;
        this.gfnLimit = gfnLimit;
    }

    /// See [org.enclosure.spi.GuestTable#map].
    long map(long gfn, long pfn, int level, TableWork work) {
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
        for (int round = 0; round < TdxTable.BUSY_ROUNDS; round++) {
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
}
