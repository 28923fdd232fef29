package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves on tables of the secure EPT: TDH.MEM.SEPT.ADD, REMOVE and RD.
public final class TableLeaves {
    private static final long ALLOW_EXISTING = 1;

    private final Pamt pamt;
    private final TdControl control;
    private final Sept sept;
    private final LeafChecks checks;

    TableLeaves(Pamt pamt, TdControl control, Sept sept, LeafChecks checks) {
        this.pamt = pamt;
        this.control = control;
        this.sept = sept;
        this.checks = checks;
    }

    /// TDH.MEM.SEPT.ADD: hangs a table at an entry.
    ///
    /// @param rcx page operand; the level is that of the entry
    /// @param rdx TD; bit 0: an entry that has a table already is no error
    /// @param r8 the page to be taken
    public long add(long rcx, long rdx, long r8, LeafCall call) {
        return checks.end(addLocked(rcx, rdx, r8, call), call);
    }

    private long addLocked(long rcx, long rdx, long r8, LeafCall call) {
        long td = rdx & ~ALLOW_EXISTING;
        long status = checks.locked(HostLeaf.MEM_SEPT_ADD, rcx, td, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        SeptState state = SeptEntry.state(call.entry);
        if (state == SeptState.NL_MAPPED && (rdx & ALLOW_EXISTING) != 0) {
            return TdxStatus.SUCCESS;
        }
        if (!HostLeaf.MEM_SEPT_ADD.isAllowedOn(state)) {
            return LeafChecks.shown(TdxStatus.of(TdxStatus.EPT_ENTRY_STATE_INCORRECT, OperandId.RCX), call);
        }
        status = checks.freePage(r8, 0, OperandId.R8, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        sept.initialise(r8);
        pamt.assign(r8, 0, PageType.EPT, td);
        control.add(td, TdControl.CHILDREN, 1);
        call.entry = SeptEntry.of(SeptState.NL_MAPPED, r8);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.SEPT.REMOVE: takes an empty table away. RCX out is its page.
    ///
    /// @param rcx page operand; the level is that of the entry
    /// @param rdx TD
    public long remove(long rcx, long rdx, LeafCall call) {
        return checks.end(removeLocked(rcx, rdx, call), call);
    }

    private long removeLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_SEPT_REMOVE, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.tracked(call, OperandId.RCX);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long table = LeafChecks.hpa(call);
        if (!sept.isFree(table)) {
            return LeafChecks.shown(TdxStatus.of(TdxStatus.EPT_PAGE_NOT_FREE, OperandId.RCX), call);
        }
        pamt.free(table, 0);
        control.add(rdx, TdControl.CHILDREN, -1);
        call.entry = SeptEntry.FREE;
        call.rcx = table;
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.SEPT.RD: shows an entry in RCX and RDX.
    ///
    /// @param rcx page operand
    /// @param rdx TD
    public long read(long rcx, long rdx, LeafCall call) {
        return checks.end(readLocked(rcx, rdx, call), call);
    }

    private long readLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_SEPT_RD, rcx, rdx, call);
        return status == TdxStatus.SUCCESS ? LeafChecks.shown(status, call) : status;
    }

    /// Finds a table page of a TD that has no table below it, so that pages can be reclaimed children first. The search is
    /// ordered by guest address and goes on where it ended.
    ///
    /// @param call its `gpa` is where the search starts, 0 at first
    /// @return the page, or -1 if only the root is left
    public long lowestTable(long td, LeafCall call) {
        long table = control.root(td);
        for (int level = control.topLevel(td);; level--) {
            long page = -1;
            int first = (int) (call.gpa >>> 12 + 9 * level) & SeptEntry.COUNT - 1;
            for (int i = first; page < 0 && i < SeptEntry.COUNT; i++) {
                page = tableOf(td, sept.raw(table + (long) i * Long.BYTES));
                if (page >= 0 && i != first) {
                    call.gpa = call.gpa & -PageInfo.size(level + 1) | i * PageInfo.size(level);
                }
            }
            if (page < 0) {
                return table == control.root(td) ? -1 : table;
            }
            if (level == 1) {
                return page;
            }
            table = page;
        }
    }

    private long tableOf(long td, long entry) {
        if (!SeptEntry.state(entry).isTable()) {
            return -1;
        }
        long page = SeptEntry.hpa(entry, 0);
        return pamt.is(page, PageType.EPT) && pamt.owner(page, 0) == td ? page : -1;
    }
}
