package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves that change the size of mappings: TDH.MEM.PAGE.PROMOTE and DEMOTE. They are never done in part.
public final class SizeLeaves {
    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Sept sept;
    private final LeafChecks checks;

    SizeLeaves(PhysicalMemory memory, Pamt pamt, TdControl control, Sept sept, LeafChecks checks) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.sept = sept;
        this.checks = checks;
    }

    /// TDH.MEM.PAGE.PROMOTE: 512 alike and contiguous pages become one. RCX out is the page of the table.
    ///
    /// @param rcx page operand, level 1 or 2
    /// @param rdx TD
    public long promote(long rcx, long rdx, LeafCall call) {
        return checks.end(promoteLocked(rcx, rdx, call), call);
    }

    private long promoteLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_PROMOTE, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.tracked(call, OperandId.RCX);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int level = call.level;
        long table = LeafChecks.hpa(call);
        status = lockChildren(table, level, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long first = SeptEntry.plain(sept.raw(table), level - 1);
        long page = SeptEntry.hpa(first, level - 1);
        status = pamt.lock(page, level, true, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            unlockChildren(table, SeptEntry.COUNT);
            return status;
        }
        call.page = page;
        call.pageLevel = level;
        pamt.retype(page, level, PageType.REG, rdx);
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            pamt.free(page + i * PageInfo.size(level - 1), level - 1);
        }
        pamt.free(table, 0);
        control.add(rdx, TdControl.CHILDREN, -1);
        call.entry = SeptEntry.of(SeptEntry.state(first), page);
        call.rcx = table;
        return TdxStatus.SUCCESS;
    }

    /// Locks all children, each of which has to be what its elder sister promises. After a failure none is locked.
    private long lockChildren(long table, int level, LeafCall call) {
        long expected = 0;
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            long raw = sept.lockForHost(table + (long) i * Long.BYTES);
            if (raw == Sept.NOT_LOCKED) {
                unlockChildren(table, i);
                return LeafChecks.shown(TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.RCX), call);
            }
            long child = SeptEntry.plain(raw, level - 1);
            if (i == 0 ? !isPromotable(child, level) : child != expected) {
                unlockChildren(table, i + 1);
                return LeafChecks.shown(TdxStatus.of(TdxStatus.EPT_INVALID_PROMOTE_CONDITIONS, OperandId.RCX), call);
            }
            expected = child + PageInfo.size(level - 1);
        }
        return TdxStatus.SUCCESS;
    }

    private void unlockChildren(long table, int count) {
        for (int i = 0; i < count; i++) {
            sept.unlock(table + (long) i * Long.BYTES);
        }
    }

    private static boolean isPromotable(long child, int level) {
        SeptState state = SeptEntry.state(child);
        return (state == SeptState.MAPPED || state == SeptState.PENDING)
                && (SeptEntry.hpa(child, level - 1) & PageInfo.size(level) - 1) == 0;
    }

    /// TDH.MEM.PAGE.DEMOTE: one page becomes 512, unblocked; how far it was accepted is forgotten.
    ///
    /// @param rcx page operand, level 1 or 2
    /// @param rdx TD
    /// @param r8 the page to be taken for the table
    public long demote(long rcx, long rdx, long r8, LeafCall call) {
        return checks.end(demoteLocked(rcx, rdx, r8, call), call);
    }

    private long demoteLocked(long rcx, long rdx, long r8, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_DEMOTE, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.tracked(call, OperandId.RCX);
        }
        if (status == TdxStatus.SUCCESS) {
            status = checks.freePage(r8, 0, OperandId.R8, call);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long page = LeafChecks.hpa(call);
        int level = call.level;
        SeptState state = RangeLeaves.unblocked(SeptEntry.state(call.entry));
        long size = PageInfo.size(level - 1);
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            pamt.assign(page + i * size, level - 1, PageType.REG, rdx);
            memory.putLong(r8 + (long) i * Long.BYTES, SeptEntry.of(state, page + i * size));
        }
        pamt.free(page, level);
        pamt.retype(r8, 0, PageType.EPT, rdx);
        control.add(rdx, TdControl.CHILDREN, 1);
        call.entry = SeptEntry.of(SeptState.NL_MAPPED, r8);
        return TdxStatus.SUCCESS;
    }
}
