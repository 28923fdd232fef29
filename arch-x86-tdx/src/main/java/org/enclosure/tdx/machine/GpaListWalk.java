package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.TdxStatus;

/// A list of guest pages in ordinary memory, as the leaves of a migration go through it. The host may write it at the same time:
/// each entry is read once.
final class GpaListWalk {
    private final PhysicalMemory memory;
    private final TdControl control;
    private final Sept sept;
    private final LeafChecks checks;

    GpaListWalk(PhysicalMemory memory, TdControl control, Sept sept, LeafChecks checks) {
        this.memory = memory;
        this.control = control;
        this.sept = sept;
        this.checks = checks;
    }

    /// The TD, the tree, and the operand that names the list.
    long begin(HostLeaf leaf, long rcx, long rdx, LeafCall call) {
        long status = checks.td(leaf, rdx, OperandId.RDX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (!checks.lockTree(leaf, call)) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE);
        }
        boolean isLegal = GpaList.format(rcx) == 0 && GpaList.first(rcx) <= GpaList.last(rcx)
                && (rcx & GpaList.RESERVED) == 0 && checks.isSharedPage(GpaList.hpa(rcx), PageInfo.size(0));
        return isLegal ? TdxStatus.SUCCESS : TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
    }

    /// An entry of the list.
    long entry(long rcx, int index) {
        return memory.getLongAcquire(at(rcx, index)); // ORDERING: single copy; the host may write at the same time
    }

    /// Writes an entry back with its outcome.
    void answer(long rcx, int index, long entry, int outcome) {
        int operation = outcome == GpaList.DONE ? GpaList.operation(entry) : GpaList.NOP;
        memory.putLong(at(rcx, index), GpaList.answered(entry, operation, outcome));
    }

    /// Whether an entry names a page that the guest can have.
    boolean isLegal(long entry, LeafCall call) {
        return GpaList.isValid(entry)
                && PageInfo.isPrivate(PageInfo.gpa(GpaList.pageInfo(entry)), control.gpaw(call.td));
    }

    /// Walks to the page of an entry and locks it.
    ///
    /// @return DONE, or why not as an entry status
    int find(long entry, LeafCall call) {
        sept.walk(call.td, PageInfo.gpa(GpaList.pageInfo(entry)), 0, call);
        if (call.level != 0) {
            return GpaList.WALK_FAILED;
        }
        return sept.lockForHost(call) == Sept.LOCKED ? GpaList.DONE : GpaList.ENTRY_BUSY;
    }

    private static long at(long rcx, int index) {
        return LeafChecks.address(GpaList.hpa(rcx)) + (long) index * Long.BYTES;
    }
}
