package org.enclosure.tdx.host;

import org.enclosure.api.Paging;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.TdxStatus;

/// How a page of 2M becomes 512 of 4K (TDH.MEM.PAGE.DEMOTE), and the other way round (PROMOTE).
final class Resizing {
    private final TdxModule module;
    private final long td;

    Resizing(TdxModule module, long td) {
        this.module = module;
        this.td = td;
    }

    /// See [org.enclosure.spi.GuestTable#resize].
    long resize(long gfn, int level, TableWork work) {
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
        return isMixed && module.ranges().unblock(operand, td, call) == TdxStatus.SUCCESS ? Status.of(Status.DENIED)
                : Status.of(Status.RETRY);
    }
}
