package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves of an export that change entries: TDH.EXPORT.BLOCKW, UNBLOCKW and RESTORE. The two that take a list answer
/// with the number of entries that could not be done.
public final class ExportLeaves {
    private final PhysicalMemory memory;
    private final TdControl control;
    private final Epochs epochs;
    private final Sept sept;
    private final LeafChecks checks;

    ExportLeaves(PhysicalMemory memory, TdControl control, Epochs epochs, Sept sept, LeafChecks checks) {
        this.memory = memory;
        this.control = control;
        this.epochs = epochs;
        this.sept = sept;
        this.checks = checks;
    }

    /// TDH.EXPORT.BLOCKW: the guest cannot write the listed pages any more, once that is tracked.
    ///
    /// @param rcx list operand, see [GpaList]
    /// @param rdx TD
    public long blockWrites(long rcx, long rdx, LeafCall call) {
        return checks.end(list(HostLeaf.EXPORT_BLOCKW, rcx, rdx, call), call);
    }

    /// TDH.EXPORT.RESTORE: the listed pages are as if they had never been exported.
    ///
    /// @param rcx list operand, see [GpaList]
    /// @param rdx TD
    public long restore(long rcx, long rdx, LeafCall call) {
        return checks.end(list(HostLeaf.EXPORT_RESTORE, rcx, rdx, call), call);
    }

    private long list(HostLeaf leaf, long rcx, long rdx, LeafCall call) {
        long status = checks.td(leaf, rdx, OperandId.RDX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        long list = GpaList.hpa(rcx);
        boolean isLegal = GpaList.format(rcx) == 0 && GpaList.first(rcx) <= GpaList.last(rcx)
                && checks.isSharedPage(list, PageInfo.size(0));
        if (!isLegal) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        if (!checks.lockTree(false, call)) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE);
        }
        long failed = 0;
        for (int i = GpaList.first(rcx); i <= GpaList.last(rcx); i++) {
            long pa = LeafChecks.address(list) + (long) i * Long.BYTES;
            long entry = memory.getLongAcquire(pa); // ORDERING: single copy; the host may write at the same time
            if (GpaList.operation(entry) == GpaList.NOP) {
                continue;
            }
            int outcome = one(leaf, entry, call);
            failed += outcome == GpaList.DONE ? 0 : 1;
            int operation = outcome == GpaList.DONE ? GpaList.operation(entry) : GpaList.NOP;
            memory.putLong(pa, GpaList.answered(entry, operation, outcome));
        }
        if (leaf == HostLeaf.EXPORT_BLOCKW) {
            control.set(rdx, TdControl.BW_EPOCH, epochs.epoch(rdx));
        }
        return failed;
    }

    private int one(HostLeaf leaf, long entry, LeafCall call) {
        long pageInfo = GpaList.pageInfo(entry);
        if (!PageInfo.isLegal(pageInfo, 0, 0, control.gpaw(call.td))) {
            return GpaList.WALK_FAILED;
        }
        sept.walk(call.td, PageInfo.gpa(pageInfo), 0, call);
        if (call.level != 0) {
            return GpaList.WALK_FAILED;
        }
        if (sept.lockForHost(call) != Sept.LOCKED) {
            return GpaList.ENTRY_BUSY;
        }
        SeptState state = SeptEntry.state(call.entry);
        boolean isAllowed = leaf.isAllowedOn(state);
        if (isAllowed) {
            call.entry = SeptEntry.of(leaf == HostLeaf.EXPORT_BLOCKW ? writeBlocked(state) : restored(state),
                    LeafChecks.hpa(call));
            control.add(call.td, TdControl.EXPORTED, leaf == HostLeaf.EXPORT_RESTORE ? -1 : 0);
        }
        sept.release(call);
        return isAllowed ? GpaList.DONE : GpaList.STATE_INCORRECT;
    }

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
