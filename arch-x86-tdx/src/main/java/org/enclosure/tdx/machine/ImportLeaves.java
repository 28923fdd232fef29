package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// TDH.IMPORT.MEM as far as entries, pages and the TD's state go. The stream of encrypted pages is not read: a page that comes is
/// zeroes, and no page is imported in place of its own buffer.
public final class ImportLeaves {
    /// Bit 63 of a blocking epoch: the page came by migration. Bits 62:32 count exports, bits 31:0 are the migration epoch.
    private static final long MIGRATED = 1L << 63;
    private static final long EPOCH_MASK = 0xffff_ffffL;
    private static final int COUNT_SHIFT = 32;
    private static final long PAGE = PageInfo.size(0);

    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Sept sept;
    private final LeafChecks checks;
    private final GpaListWalk list;

    ImportLeaves(PhysicalMemory memory, Pamt pamt, TdControl control, Sept sept, LeafChecks checks,
            GpaListWalk list) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.sept = sept;
        this.checks = checks;
        this.list = list;
    }

    /// TDH.IMPORT.MEM: the listed pages come, come again, or are taken back. What goes wrong ends the import, or, where it does no
    /// harm any more, is counted.
    ///
    /// @param rcx list operand, see [GpaList]; the list starts at entry 0
    /// @param rdx TD
    /// @param r13 a page of ordinary memory with one address of a page for each entry
    public long importPages(long rcx, long rdx, long r13, LeafCall call) {
        return checks.end(listed(rcx, rdx, r13, call), call);
    }

    private long listed(long rcx, long rdx, long r13, LeafCall call) {
        long status = list.begin(HostLeaf.IMPORT_MEM, rcx, rdx, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (!checks.isSharedPage(r13, PAGE)) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R13);
        }
        if (GpaList.first(rcx) != 0) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        int failed = 0;
        for (int i = 0; i <= GpaList.last(rcx); i++) {
            long entry = list.entry(rcx, i);
            long newPage = LeafChecks.address(r13) + (long) i * Long.BYTES;
            status = one(entry, memory.getLongAcquire(newPage), call); // ORDERING: single copy, as the list's entry
            boolean isBad = call.outcome != GpaList.DONE && call.outcome != GpaList.SKIPPED;
            list.answer(rcx, i, entry, call.outcome);
            if (isBad || GpaList.operation(entry) != GpaList.MIGRATE) {
                memory.putLong(newPage, GpaList.NO_PAGE); // it was not used
            }
            if (isBad && ends(call)) {
                call.rcx = GpaList.behind(rcx, i - 1);
                return abort(status, call);
            }
            failed += isBad ? 1 : 0;
        }
        call.rcx = GpaList.behind(rcx, GpaList.last(rcx));
        return TdxStatus.of(TdxStatus.SUCCESS, failed);
    }

    /// What may have changed below the import's hands only counts once pages come in any order.
    private boolean ends(LeafCall call) {
        boolean isMild = switch (call.outcome) {
            case GpaList.WALK_FAILED, GpaList.ENTRY_BUSY, GpaList.STATE_INCORRECT, GpaList.NEW_PAGE_NOT_AVAILABLE ->
                true;
            default -> false;
        };
        return !isMild || control.opState(call.td).isImportInOrder();
    }

    private long abort(long status, LeafCall call) {
        boolean isLive = control.opState(call.td) == OpState.LIVE_IMPORT;
        control.opState(call.td, isLive ? OpState.RUNNABLE : OpState.FAILED_IMPORT);
        return isLive ? status : status | TdxStatus.FATAL;
    }

    /// One entry.
    ///
    /// @return what the whole leaf answers if this ends the import; the outcome for the list is in the call
    private long one(long entry, long newPage, LeafCall call) {
        if (GpaList.operation(entry) == GpaList.NOP && GpaList.isValid(entry)) {
            return with(GpaList.SKIPPED, TdxStatus.SUCCESS, call);
        }
        if (GpaList.operation(entry) == GpaList.NOP || !list.isLegal(entry, call)) {
            return with(GpaList.ENTRY_INVALID, TdxStatus.OPERAND_INVALID, call);
        }
        int found = list.find(entry, call);
        if (found != GpaList.DONE) {
            return with(found, found == GpaList.WALK_FAILED ? TdxStatus.EPT_WALK_FAILED : TdxStatus.OPERAND_BUSY, call);
        }
        SeptState state = SeptEntry.state(call.entry);
        long status;
        if (!HostLeaf.IMPORT_MEM.isAllowedOn(state)) {
            status = with(GpaList.STATE_INCORRECT, TdxStatus.EPT_ENTRY_STATE_INCORRECT, call);
        } else if (GpaList.operation(entry) == GpaList.MIGRATE) {
            status = migrate(GpaList.isPending(entry), state, newPage, call);
        } else if (!control.opState(call.td).isImportInOrder()) {
            call.outcome = GpaList.OP_STATE_INCORRECT;
            status = TdxStatus.OP_STATE_INCORRECT;
        } else {
            status = again(entry, state, call);
        }
        sept.release(call);
        return status;
    }

    private long migrate(boolean isPending, SeptState state, long newPage, LeafCall call) {
        if (state.isPage()) {
            return with(GpaList.STATE_INCORRECT, TdxStatus.EPT_ENTRY_STATE_INCORRECT, call);
        }
        if (state == SeptState.REMOVED && SeptEntry.removalEpoch(call.entry) >= epoch(call)) {
            return with(GpaList.DISALLOWED_OVER_REMOVED, TdxStatus.DISALLOWED_IMPORT_OVER_REMOVED, call);
        }
        if (newPage < 0) {
            call.outcome = GpaList.BUFFER_NOT_AVAILABLE;
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.BUFFER_LIST_ENTRY);
        }
        long status = checks.freePage(newPage, 0, OperandId.NEW_PAGE_LIST_ENTRY, call);
        if (status == TdxStatus.SUCCESS) {
            memory.zero(newPage, PAGE);
            pamt.assign(newPage, 0, PageType.REG, call.td);
            pamt.blockEpoch(newPage, 0,
                    MIGRATED | control.get(call.td, TdControl.EXPORT_COUNT) << COUNT_SHIFT | epoch(call));
            control.add(call.td, TdControl.CHILDREN, 1);
            call.entry = SeptEntry.of(isPending ? SeptState.PENDING : SeptState.MAPPED, newPage);
        }
        checks.releasePage(call);
        call.outcome = status == TdxStatus.SUCCESS ? GpaList.DONE : GpaList.NEW_PAGE_NOT_AVAILABLE;
        return status;
    }

    private long again(long entry, SeptState state, LeafCall call) {
        boolean isCancel = GpaList.operation(entry) == GpaList.CANCEL;
        if (!state.isPage()) {
            return with(GpaList.STATE_INCORRECT, TdxStatus.EPT_ENTRY_STATE_INCORRECT, call);
        }
        long page = LeafChecks.hpa(call);
        long blockEpoch = pamt.blockEpoch(page, 0);
        if ((blockEpoch & MIGRATED) != 0 && (blockEpoch & EPOCH_MASK) >= epoch(call)) {
            return with(GpaList.MIGRATED_IN_CURRENT_EPOCH, TdxStatus.MIGRATED_IN_CURRENT_EPOCH, call);
        }
        boolean isPending = GpaList.isPending(entry);
        if (isCancel) {
            pamt.free(page, 0);
            control.add(call.td, TdControl.CHILDREN, -1);
            call.entry = SeptEntry.removed(epoch(call));
        } else if (isPending && state != SeptState.PENDING) {
            return with(GpaList.STATE_INCORRECT, TdxStatus.IMPORT_MISMATCH, call);
        } else {
            if (!isPending) {
                memory.zero(page, PAGE);
            }
            pamt.blockEpoch(page, 0, blockEpoch & ~EPOCH_MASK | epoch(call));
            call.entry = SeptEntry.of(isPending ? SeptState.PENDING : SeptState.MAPPED, page);
        }
        call.outcome = GpaList.DONE;
        return TdxStatus.SUCCESS;
    }

    private long epoch(LeafCall call) {
        return control.get(call.td, TdControl.MIGRATION_EPOCH);
    }

    private static long with(int outcome, long status, LeafCall call) {
        call.outcome = outcome;
        return status == TdxStatus.SUCCESS ? status : TdxStatus.of(status, OperandId.GPA_LIST_ENTRY);
    }
}
