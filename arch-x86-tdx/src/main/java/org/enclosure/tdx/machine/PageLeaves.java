package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves that give a TD pages and take them: TDH.MEM.PAGE.ADD, AUG, REMOVE and RELOCATE.
public final class PageLeaves {
    private static final long PAGE = PageInfo.size(0);

    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Sept sept;
    private final LeafChecks checks;
    private final Measurements measurements;

    PageLeaves(PhysicalMemory memory, Pamt pamt, TdControl control, Sept sept, LeafChecks checks,
            Measurements measurements) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.sept = sept;
        this.checks = checks;
        this.measurements = measurements;
    }

    /// TDH.MEM.PAGE.ADD: a page with content, measured, before the TD runs.
    ///
    /// @param rcx page operand, level 0
    /// @param rdx TD
    /// @param r8 the page to be taken
    /// @param r9 the page with the content
    public long add(long rcx, long rdx, long r8, long r9, LeafCall call) {
        return checks.end(addLocked(rcx, rdx, r8, r9, call), call);
    }

    private long addLocked(long rcx, long rdx, long r8, long r9, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_ADD, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS && !checks.isSharedPage(r9, PAGE)) {
            status = TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R9);
        }
        if (status == TdxStatus.SUCCESS) {
            status = checks.freePage(r8, 0, OperandId.R8, call);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        memory.copy(LeafChecks.address(r9), r8, PAGE);
        measurements.add(rdx, PageInfo.gpa(rcx));
        take(r8, 0, SeptState.MAPPED, call);
        sept.put(call.entryPa, call.entry);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.PAGE.AUG: a page that the guest has to accept.
    ///
    /// @param rcx page operand, level 0 or 1
    /// @param rdx TD
    /// @param r8 the page to be taken
    public long aug(long rcx, long rdx, long r8, LeafCall call) {
        return checks.end(augLocked(rcx, rdx, r8, call), call);
    }

    private long augLocked(long rcx, long rdx, long r8, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_AUG, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.freePage(r8, call.level, OperandId.R8, call);
        }
        if (status == TdxStatus.SUCCESS) {
            take(r8, call.level, SeptState.PENDING, call);
        }
        return status;
    }

    /// TDH.MEM.PAGE.REMOVE: takes a page away that nobody can reach any more. RCX out is its address.
    ///
    /// @param rcx page operand, level 0 to 2
    /// @param rdx TD
    public long remove(long rcx, long rdx, LeafCall call) {
        return checks.end(removeLocked(rcx, rdx, call), call);
    }

    private long removeLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_REMOVE, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.tracked(call, OperandId.RCX);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long page = LeafChecks.hpa(call);
        pamt.free(page, call.level);
        control.add(rdx, TdControl.CHILDREN, -pages(call.level));
        call.entry = checks.opState(call).isImporting()
                ? SeptEntry.removed(control.get(rdx, TdControl.MIGRATION_EPOCH)) : SeptEntry.FREE;
        call.rcx = page;
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.PAGE.RELOCATE: exchanges the physical page, keeps the content. RCX out is the old page.
    ///
    /// @param rcx page operand, level 0
    /// @param rdx TD
    /// @param r8 the page to be taken
    public long relocate(long rcx, long rdx, long r8, LeafCall call) {
        return checks.end(relocateLocked(rcx, rdx, r8, call), call);
    }

    private long relocateLocked(long rcx, long rdx, long r8, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_PAGE_RELOCATE, rcx, rdx, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long old = LeafChecks.hpa(call);
        if (r8 == old) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R8);
        }
        status = checks.tracked(call, OperandId.RCX);
        if (status == TdxStatus.SUCCESS) {
            status = checks.freePage(r8, 0, OperandId.R8, call);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        memory.copy(old, r8, PAGE);
        pamt.free(old, 0);
        pamt.assign(r8, 0, PageType.REG, rdx);
        call.entry = SeptEntry.of(RangeLeaves.unblocked(SeptEntry.state(call.entry)), r8);
        call.rcx = old;
        return TdxStatus.SUCCESS;
    }

    private void take(long page, int level, SeptState state, LeafCall call) {
        pamt.assign(page, level, PageType.REG, call.td);
        control.add(call.td, TdControl.CHILDREN, pages(level));
        call.entry = SeptEntry.of(state, page);
    }

    static long pages(int level) {
        return 1L << 9 * level;
    }
}
