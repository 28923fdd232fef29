package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves that take pages out of reach and make sure of it: TDH.MEM.RANGE.BLOCK, UNBLOCK and TDH.MEM.TRACK.
public final class RangeLeaves {
    private final Pamt pamt;
    private final Epochs epochs;
    private final LeafChecks checks;

    RangeLeaves(Pamt pamt, Epochs epochs, LeafChecks checks) {
        this.pamt = pamt;
        this.epochs = epochs;
        this.checks = checks;
    }

    /// TDH.MEM.RANGE.BLOCK: a page, or everything below a table, goes out of the guest's reach. Blocked again is a warning and
    /// does not refresh the blocking epoch.
    ///
    /// @param rcx page operand
    /// @param rdx TD
    public long block(long rcx, long rdx, LeafCall call) {
        return checks.end(blockLocked(rcx, rdx, call), call);
    }

    private long blockLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_RANGE_BLOCK, rcx, rdx, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        SeptState state = SeptEntry.state(call.entry);
        if (state.isBlocked()) {
            return LeafChecks.shown(TdxStatus.of(TdxStatus.GPA_RANGE_ALREADY_BLOCKED, OperandId.RCX), call);
        }
        long hpa = LeafChecks.hpa(call);
        pamt.blockEpoch(hpa, LeafChecks.pageLevel(call), epochs.epoch(rdx));
        call.entry = SeptEntry.of(blocked(state), hpa);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.RANGE.UNBLOCK: back into reach, once the block was tracked. A write block is not restored.
    ///
    /// @param rcx page operand
    /// @param rdx TD
    public long unblock(long rcx, long rdx, LeafCall call) {
        return checks.end(unblockLocked(rcx, rdx, call), call);
    }

    private long unblockLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.entry(HostLeaf.MEM_RANGE_UNBLOCK, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            // Module 1.5.01 names the tree here; 1.5.05 names RCX.
            status = checks.tracked(call, OperandId.SEPT_TREE);
        }
        if (status == TdxStatus.SUCCESS) {
            call.entry = SeptEntry.of(unblocked(SeptEntry.state(call.entry)), LeafChecks.hpa(call));
        }
        return status;
    }

    /// TDH.MEM.TRACK: the next epoch.
    ///
    /// @param rcx TD
    public long track(long rcx, LeafCall call) {
        return checks.end(trackLocked(rcx, call), call);
    }

    private long trackLocked(long rcx, LeafCall call) {
        long status = checks.td(HostLeaf.MEM_TRACK, rcx, OperandId.RCX, call);
        return status == TdxStatus.SUCCESS ? epochs.track(rcx) : status;
    }

    private static SeptState blocked(SeptState state) {
        return switch (state) {
            case NL_MAPPED -> SeptState.NL_BLOCKED;
            case PENDING, PENDING_BLOCKEDW -> SeptState.PENDING_BLOCKED;
            default -> SeptState.BLOCKED;
        };
    }

    /// The state that a blocked state becomes when it is unblocked; others stay.
    static SeptState unblocked(SeptState state) {
        return switch (state) {
            case NL_BLOCKED -> SeptState.NL_MAPPED;
            case BLOCKED -> SeptState.MAPPED;
            case PENDING_BLOCKED -> SeptState.PENDING;
            default -> state;
        };
    }
}
