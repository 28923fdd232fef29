package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves of an export that change entries: TDH.EXPORT.BLOCKW, UNBLOCKW, MEM and RESTORE. Those that take a list answer
/// with the number of entries that could not be done, and with the list operand behind the last entry in RCX. Entries change as in
/// the module; the stream of encrypted pages that goes with TDH.EXPORT.MEM is not made.
public final class ExportLeaves {
    private final TdControl control;
    private final Epochs epochs;
    private final Sept sept;
    private final LeafChecks checks;
    private final GpaListWalk list;

    ExportLeaves(TdControl control, Epochs epochs, Sept sept, LeafChecks checks, GpaListWalk list) {
        this.control = control;
        this.epochs = epochs;
        this.sept = sept;
        this.checks = checks;
        this.list = list;
    }

    /// TDH.EXPORT.BLOCKW: the guest cannot write the listed pages any more, once that is tracked.
    ///
    /// @param rcx list operand, see [GpaList]
    /// @param rdx TD
    public long blockWrites(long rcx, long rdx, LeafCall call) {
        return checks.end(listed(HostLeaf.EXPORT_BLOCKW, rcx, rdx, call), call);
    }

    /// TDH.EXPORT.RESTORE: the listed pages are as if they had never been exported.
    ///
    /// @param rcx list operand, see [GpaList]
    /// @param rdx TD
    public long restore(long rcx, long rdx, LeafCall call) {
        return checks.end(listed(HostLeaf.EXPORT_RESTORE, rcx, rdx, call), call);
    }

    /// TDH.EXPORT.MEM: the listed pages are exported, or their export is taken back.
    ///
    /// @param rcx list operand, see [GpaList]; the list starts at entry 0
    /// @param rdx TD
    public long export(long rcx, long rdx, LeafCall call) {
        return checks.end(listed(HostLeaf.EXPORT_MEM, rcx, rdx, call), call);
    }

    private long listed(HostLeaf leaf, long rcx, long rdx, LeafCall call) {
        long status = list.begin(leaf, rcx, rdx, call);
        boolean isExport = leaf == HostLeaf.EXPORT_MEM;
        if (status == TdxStatus.SUCCESS && isExport && GpaList.first(rcx) != 0) {
            status = TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int failed = 0;
        for (int i = GpaList.first(rcx); i <= GpaList.last(rcx); i++) {
            long entry = list.entry(rcx, i);
            int outcome = isExport ? exportEntry(rcx, i, entry, call) : turnEntry(leaf, rcx, i, entry, call);
            if (outcome == GpaList.ENTRY_INVALID && !isExport) {
                call.rcx = GpaList.behind(rcx, i - 1);
                return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.GPA_LIST_ENTRY);
            }
            failed += outcome == GpaList.DONE || outcome == GpaList.SKIPPED ? 0 : 1;
        }
        call.rcx = GpaList.behind(rcx, GpaList.last(rcx));
        return TdxStatus.of(TdxStatus.SUCCESS, failed);
    }

    // ---- BLOCKW, RESTORE ------------------------------------------------------------------------------------------------

    private int turnEntry(HostLeaf leaf, long rcx, int index, long entry, LeafCall call) {
        int outcome = GpaList.isMigration(entry) ? turn(leaf, entry, call)
                : GpaList.isValid(entry) ? GpaList.SKIPPED : GpaList.ENTRY_INVALID;
        list.answer(rcx, index, entry, outcome);
        return outcome;
    }

    private int turn(HostLeaf leaf, long entry, LeafCall call) {
        if (!list.isLegal(entry, call)) {
            return GpaList.ENTRY_INVALID;
        }
        int outcome = list.find(entry, call);
        if (outcome != GpaList.DONE) {
            return outcome;
        }
        SeptState state = SeptEntry.state(call.entry);
        boolean isAllowed = leaf.isAllowedOn(state);
        if (isAllowed) {
            boolean isBlock = leaf == HostLeaf.EXPORT_BLOCKW;
            call.entry = SeptEntry.of(isBlock ? writeBlocked(state) : restored(state), LeafChecks.hpa(call));
            if (isBlock) {
                control.set(call.td, TdControl.BW_EPOCH, epochs.epoch(call.td));
            } else {
                control.add(call.td, TdControl.EXPORTED, -1);
            }
        }
        sept.release(call);
        return isAllowed ? GpaList.DONE : GpaList.STATE_INCORRECT;
    }

    // ---- MEM ------------------------------------------------------------------------------------------------------------

    private int exportEntry(long rcx, int index, long entry, LeafCall call) {
        if (GpaList.operation(entry) == GpaList.NOP || !list.isLegal(entry, call)) {
            boolean isSkipped = GpaList.operation(entry) == GpaList.NOP && GpaList.isValid(entry);
            list.answer(rcx, index, entry, isSkipped ? GpaList.SKIPPED : GpaList.ENTRY_INVALID);
            return isSkipped ? GpaList.SKIPPED : GpaList.ENTRY_INVALID;
        }
        int outcome = list.find(entry, call);
        if (outcome != GpaList.DONE) {
            list.answer(rcx, index, entry, outcome);
            return outcome;
        }
        SeptState state = SeptEntry.state(call.entry);
        outcome = HostLeaf.EXPORT_MEM.isAllowedOn(state) ? exportable(entry, state, call) : GpaList.STATE_INCORRECT;
        long answer = entry;
        if (outcome == GpaList.DONE) {
            answer = GpaList.withPending(withOperation(entry, state, call), state.isPending());
            commit(GpaList.operation(entry) == GpaList.CANCEL, state, call);
        }
        sept.release(call);
        list.answer(rcx, index, answer, outcome);
        return outcome;
    }

    private int exportable(long entry, SeptState state, LeafCall call) {
        OpState opState = control.opState(call.td);
        boolean isCancel = GpaList.operation(entry) == GpaList.CANCEL;
        if (!opState.isExportInOrder()) {
            return isCancel ? GpaList.OP_STATE_INCORRECT : GpaList.DONE;
        }
        if (isCancel) {
            return state.isExported() ? GpaList.DONE : GpaList.STATE_INCORRECT;
        }
        boolean isClean = state.isExported() && !state.isDirty();
        if (isClean || opState == OpState.LIVE_EXPORT && !state.isWriteBlocked()) {
            return GpaList.STATE_INCORRECT;
        }
        boolean isTracked = opState != OpState.LIVE_EXPORT || !state.needsTracking()
                || epochs.isTracked(call.td, control.get(call.td, TdControl.BW_EPOCH));
        return isTracked ? GpaList.DONE : GpaList.TRACKING_NOT_DONE;
    }

    /// The module writes down itself whether it was the first time.
    private long withOperation(long entry, SeptState state, LeafCall call) {
        if (GpaList.operation(entry) == GpaList.CANCEL) {
            return entry;
        }
        boolean isAgain = state.isExported() && control.opState(call.td).isExportInOrder();
        return GpaList.answered(entry, isAgain ? GpaList.REMIGRATE : GpaList.MIGRATE, GpaList.DONE);
    }

    private void commit(boolean isCancel, SeptState state, LeafCall call) {
        long exported = isCancel ? -1 : state.isExported() ? 0 : 1;
        control.add(call.td, TdControl.EXPORTED, exported);
        control.add(call.td, TdControl.DIRTY, state.isDirty() ? -1 : 0);
        SeptState next = isCancel ? restored(state)
                : state.isPending() ? SeptState.PENDING_EXPORTED_BLOCKEDW : SeptState.EXPORTED_BLOCKEDW;
        call.entry = SeptEntry.of(next, LeafChecks.hpa(call));
    }

    // ---- UNBLOCKW -------------------------------------------------------------------------------------------------------

    /// TDH.EXPORT.UNBLOCKW: the guest can write a page again; if it was exported, it counts as dirty.
    ///
    /// @param rcx page operand, level 0
    /// @param rdx TD
    public long unblockWrites(long rcx, long rdx, LeafCall call) {
        return checks.end(unblockWritesLocked(rcx, rdx, call), call);
    }

    private long unblockWritesLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.EXPORT_UNBLOCKW, rcx, rdx, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        SeptState state = SeptEntry.state(call.entry);
        if (state == SeptState.EXPORTED_BLOCKEDW || state == SeptState.PENDING_EXPORTED_BLOCKEDW) {
            control.add(rdx, TdControl.DIRTY, 1);
        }
        call.entry = SeptEntry.of(writable(state), LeafChecks.hpa(call));
        return TdxStatus.SUCCESS;
    }

    private static SeptState writeBlocked(SeptState state) {
        return switch (state) {
            case MAPPED -> SeptState.BLOCKEDW;
            case EXPORTED_DIRTY -> SeptState.EXPORTED_DIRTY_BLOCKEDW;
            case PENDING -> SeptState.PENDING_BLOCKEDW;
            default -> SeptState.PENDING_EXPORTED_DIRTY_BLOCKEDW;
        };
    }

    private static SeptState writable(SeptState state) {
        return switch (state) {
            case BLOCKEDW -> SeptState.MAPPED;
            case EXPORTED_BLOCKEDW, EXPORTED_DIRTY_BLOCKEDW -> SeptState.EXPORTED_DIRTY;
            case PENDING_BLOCKEDW -> SeptState.PENDING;
            default -> SeptState.PENDING_EXPORTED_DIRTY;
        };
    }

    private static SeptState restored(SeptState state) {
        return switch (state) {
            case EXPORTED_BLOCKEDW, EXPORTED_DIRTY, EXPORTED_DIRTY_BLOCKEDW -> SeptState.MAPPED;
            default -> SeptState.PENDING;
        };
    }
}
