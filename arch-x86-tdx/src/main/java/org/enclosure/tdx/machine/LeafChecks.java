package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.Lifecycle;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The checks that leaves share, in the order in which the module makes them: TD page, fatal, keys, control pages, OP_STATE, page
/// operand, tree lock, walk, entry lock, entry state, blocking and tracking, physical page. A leaf that passes holds its locks until
/// [#end].
final class LeafChecks {
    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Epochs epochs;
    private final Sept sept;

    LeafChecks(PhysicalMemory memory, Pamt pamt, TdControl control, Epochs epochs, Sept sept) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.epochs = epochs;
        this.sept = sept;
    }

    /// The page of a TD, and nothing about its state.
    long page(boolean exclusive, long td, int operand, LeafCall call) {
        call.reset();
        long status = pamt.lock(td, 0, exclusive, operand);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        call.td = td;
        call.isTdExclusive = exclusive;
        return pamt.is(td, PageType.TDR) ? TdxStatus.SUCCESS : TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, operand);
    }

    /// The TD as a whole: it exists, lives, has its key and its control pages, and its OP_STATE allows the leaf.
    long td(HostLeaf leaf, long td, int operand, LeafCall call) {
        long status = keyed(leaf, td, operand, call);
        return status != TdxStatus.SUCCESS ? status : opState(leaf, td);
    }

    /// The TD without its control pages and its OP_STATE.
    long keyed(HostLeaf leaf, long td, int operand, LeafCall call) {
        long status = page(leaf.isTdExclusive(), td, operand, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (control.isFatal(td)) {
            return TdxStatus.TD_FATAL;
        }
        return control.lifecycle(td) == Lifecycle.KEYS_CONFIGURED ? TdxStatus.SUCCESS
                : TdxStatus.TD_KEYS_NOT_CONFIGURED;
    }

    private long opState(HostLeaf leaf, long td) {
        if (control.get(td, TdControl.TDCX_COUNT) < TdControl.NEEDED_TDCX) {
            return TdxStatus.TDCS_NOT_ALLOCATED;
        }
        if (!leaf.isTdExclusive() && control.get(td, TdControl.STATE_LOCK) != 0) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.OP_STATE);
        }
        return leaf.isAllowedIn(control.opState(td)) ? TdxStatus.SUCCESS : TdxStatus.OP_STATE_INCORRECT;
    }

    /// All checks up to the state of the entry that RCX names; the entry is locked afterwards.
    long entry(HostLeaf leaf, long pageInfo, long td, LeafCall call) {
        long status = locked(leaf, pageInfo, td, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        return leaf.isAllowedOn(SeptEntry.state(call.entry)) ? TdxStatus.SUCCESS
                : shown(TdxStatus.of(TdxStatus.EPT_ENTRY_STATE_INCORRECT, OperandId.RCX), call);
    }

    /// As [#entry], without the state of the entry.
    long locked(HostLeaf leaf, long pageInfo, long td, LeafCall call) {
        long status = td(leaf, td, OperandId.RDX, call);
        return status != TdxStatus.SUCCESS ? status : lockedOperand(leaf, pageInfo, OperandId.RCX, call);
    }

    /// The operand, the walk and the lock, for a TD that passed its checks.
    long lockedOperand(HostLeaf leaf, long pageInfo, int operand, LeafCall call) {
        long td = call.td;
        if (!PageInfo.isLegal(pageInfo, leaf.minLevel(), leaf.maxLevel(control.topLevel(td)), control.gpaw(td))) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, operand);
        }
        if (!lockTree(leaf, call)) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE);
        }
        int level = PageInfo.level(pageInfo);
        call.effectiveGpa = PageInfo.gpa(pageInfo);
        sept.walk(td, call.effectiveGpa, level, call);
        if (call.level != level) {
            return shown(TdxStatus.of(TdxStatus.EPT_WALK_FAILED, operand), call);
        }
        return lockEntry(leaf, call) ? TdxStatus.SUCCESS
                : shown(TdxStatus.of(TdxStatus.OPERAND_BUSY, operand), call);
    }

    /// A leaf that holds the TD exclusively meets nobody in the tree and at the entry: it asks for neither.
    private boolean lockEntry(HostLeaf leaf, LeafCall call) {
        return leaf.isTdExclusive() || sept.lockForHost(call) == Sept.LOCKED;
    }

    /// The page, of whatever size, that holds an address of the guest.
    ///
    /// @param alignment bytes that the address is a multiple of
    long present(HostLeaf leaf, long gpa, long alignment, LeafCall call) {
        long td = call.td;
        if ((gpa & alignment - 1) != 0 || !PageInfo.isPrivate(gpa, control.gpaw(td))) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        if (!lockTree(leaf, call)) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE);
        }
        sept.walk(td, gpa, 0, call);
        if (!lockEntry(leaf, call)) {
            return shown(TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.RCX), call);
        }
        return SeptEntry.state(call.entry).isReadable() ? TdxStatus.SUCCESS
                : shown(TdxStatus.of(TdxStatus.EPT_ENTRY_NOT_PRESENT, OperandId.RCX), call);
    }

    /// Whether translations of the locked entry can still be cached, where the TD can run at all.
    ///
    /// @param operand of the status that says that tracking is not done
    long tracked(LeafCall call, int operand) {
        SeptState state = SeptEntry.state(call.entry);
        if (!control.opState(call.td).needsTracking() || !state.needsTracking()) {
            return TdxStatus.SUCCESS;
        }
        if (!state.isBlocked()) {
            return shown(TdxStatus.of(TdxStatus.GPA_RANGE_NOT_BLOCKED, OperandId.RCX), call);
        }
        return epochs.isTracked(call.td, pamt.blockEpoch(hpa(call), pageLevel(call))) ? TdxStatus.SUCCESS
                : TdxStatus.of(TdxStatus.TLB_TRACKING_NOT_DONE, operand);
    }

    /// Locks a page that an operand offers; it must not be assigned.
    long freePage(long pa, int level, int operand, LeafCall call) {
        long status = pamt.lock(pa, level, true, operand);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        call.page = pa;
        call.pageLevel = level;
        return pamt.isFree(pa, level) ? TdxStatus.SUCCESS : TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, operand);
    }

    /// A page of ordinary memory that an operand offers to be read: aligned, with a shared key.
    boolean isSharedPage(long pa, long alignment) {
        return isSharedKey(pa) && (pa & alignment - 1) == 0 && memory.contains(address(pa), alignment);
    }

    /// The address without its key number.
    static long address(long pa) {
        return pa & (1L << Pamt.ADDRESS_BITS) - 1;
    }

    /// The page or table at the locked entry.
    static long hpa(LeafCall call) {
        return SeptEntry.hpa(call.entry, call.level);
    }

    /// The level of the PAMT entry of what hangs at the locked entry.
    static int pageLevel(LeafCall call) {
        return SeptEntry.isLeaf(call.entry) ? call.level : 0;
    }

    /// A status that shows the entry in RCX and RDX.
    static long shown(long status, LeafCall call) {
        call.rcx = SeptEntry.view(call.entry, call.level);
        call.rdx = SeptEntry.info(call.entry, call.level);
        return status;
    }

    /// Publishes the entry and releases all locks of a leaf.
    long end(long status, LeafCall call) {
        releasePage(call);
        if (call.isEntryLocked) {
            sept.release(call);
        }
        if (call.treeLock == 1) {
            WordLock.releaseShared(memory, call.td + TdControl.TREE_LOCK);
        } else if (call.treeLock == 2) {
            WordLock.releaseExclusive(memory, call.td + TdControl.TREE_LOCK);
        }
        if (call.td >= 0) {
            pamt.unlock(call.td, 0, call.isTdExclusive);
        }
        return status;
    }

    /// Releases the page that [#freePage] locked, if it did.
    void releasePage(LeafCall call) {
        if (call.page >= 0) {
            pamt.unlock(call.page, call.pageLevel, true);
            call.page = -1;
        }
    }

    /// Locks the tree as the leaf needs it.
    boolean lockTree(HostLeaf leaf, LeafCall call) {
        if (leaf.isTdExclusive()) {
            return true;
        }
        boolean exclusive = leaf.isTreeExclusive();
        long lock = call.td + TdControl.TREE_LOCK;
        boolean isLocked = exclusive ? WordLock.tryExclusive(memory, lock) : WordLock.tryShared(memory, lock);
        call.treeLock = !isLocked ? 0 : exclusive ? 2 : 1;
        return isLocked;
    }

    OpState opState(LeafCall call) {
        return control.opState(call.td);
    }

    private static boolean isSharedKey(long pa) {
        return pa >>> 52 == 0 && !KeyTable.isPrivate(pa >>> Pamt.ADDRESS_BITS);
    }
}
