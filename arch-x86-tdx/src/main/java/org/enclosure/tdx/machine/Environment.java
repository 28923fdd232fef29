package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.Lifecycle;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;

/// What no leaf does: short cuts to a state, forced entries, injected locks. For tests and scripts only; all operands that name
/// something are checked, so that a script cannot break the machine.
public final class Environment {
    private final Pamt pamt;
    private final TdControl control;
    private final Sept sept;
    private final TdLeaves tds;
    private final KeyTable keys;

    Environment(Pamt pamt, TdControl control, Sept sept, TdLeaves tds, KeyTable keys) {
        this.pamt = pamt;
        this.control = control;
        this.sept = sept;
        this.tds = tds;
        this.keys = keys;
    }

    /// Whether an address is that of a TD's root page.
    public boolean isTd(long td) {
        return (td & PageInfo.size(0) - 1) == 0 && td >= 0 && pamt.isReady(td) && pamt.is(td, PageType.TDR);
    }

    /// Whether a TD has been initialised.
    public boolean isInitialised(long td) {
        return isTd(td) && control.opState(td) != OpState.UNINITIALIZED;
    }

    /// Whether an address is a private one of an initialised TD.
    public boolean isPrivate(long td, long gpa) {
        return PageInfo.isPrivate(gpa, control.gpaw(td));
    }

    /// A private key number that is free, or -1.
    public int freeKey() {
        return keys.anyFree();
    }

    /// As TDH.MNG.KEY.CONFIG.
    public void configureKeys(long td) {
        control.lifecycle(td, Lifecycle.KEYS_CONFIGURED);
    }

    /// The part of TDH.MNG.INIT that is about memory; the TD has its six control pages.
    ///
    /// @return false if it has not
    public boolean initialise(long td, long attributes, int gpaw, long vcpus) {
        if (control.get(td, TdControl.TDCX_COUNT) < TdControl.NEEDED_TDCX) {
            return false;
        }
        tds.start(td, attributes, gpaw, gpaw == 52 ? 4 : 3);
        control.vcpus(td, vcpus);
        control.maxVcpus(td, TdControl.MAX_VCPUS);
        return true;
    }

    /// How many vCPUs MR.FINALIZE counts.
    public void vcpus(long td, long count) {
        control.vcpus(td, count);
    }

    /// The way down, without its checks.
    public void tearDown(long td) {
        tds.tearDown(td);
    }

    /// Forces the operation state.
    public void opState(long td, OpState state) {
        control.opState(td, state);
    }

    /// Forces what the start of a migration and its epochs would leave behind.
    ///
    /// @param exports how often the TD was exported, 31 bits
    /// @param epoch the present migration epoch, 32 bits
    public void migration(long td, long exports, long epoch) {
        control.set(td, TdControl.EXPORT_COUNT, exports);
        control.set(td, TdControl.MIGRATION_EPOCH, epoch);
    }

    /// How many pages are exported (0), how many of these are dirty (1), and the epoch of the last block for writing (2).
    public long exported(long td, int which) {
        return control.get(td, which == 0 ? TdControl.EXPORTED : which == 1 ? TdControl.DIRTY : TdControl.BW_EPOCH);
    }

    /// Makes a 4K page reserved.
    ///
    /// @return false if it is in no TDMR
    public boolean reserve(long pa) {
        boolean isKnown = pa >= 0 && pamt.isReady(pa);
        if (isKnown) {
            pamt.force(pa, PageType.RSVD);
        }
        return isKnown;
    }

    /// Locks an entry as another call would, or undoes that; the entry as it is then, or -1 if the walk does not get there.
    public long lockEntry(long td, long gpa, int level, boolean isLocked, LeafCall call) {
        if (!isThere(td, gpa, level, call)) {
            return -1;
        }
        long raw = sept.raw(call.entryPa);
        sept.put(call.entryPa, isLocked ? raw | SeptEntry.LOCK : raw & ~SeptEntry.LOCK);
        return sept.raw(call.entryPa);
    }

    /// Forces how far a PENDING 2M page has been accepted.
    public boolean acceptCounter(long td, long gpa, int counter, LeafCall call) {
        boolean isThere = isThere(td, gpa, 1, call) && SeptEntry.state(call.entry).isAcceptable();
        if (isThere) {
            sept.put(call.entryPa, SeptEntry.withAcceptCounter(sept.raw(call.entryPa), counter));
        }
        return isThere;
    }

    /// Forces the state of an entry, which keeps its page or table.
    public boolean entryState(long td, long gpa, int level, SeptState state, LeafCall call) {
        boolean isThere = isThere(td, gpa, level, call);
        if (isThere) {
            boolean isEmpty = state == SeptState.FREE || state == SeptState.REMOVED;
            sept.put(call.entryPa, SeptEntry.of(state, isEmpty ? 0 : LeafChecks.hpa(call)));
        }
        return isThere;
    }

    /// Takes or releases one of a TD's own locks as another call would.
    ///
    /// @param operand number of the operand whose lock it is: the tree, the epoch or the operation state
    /// @return false if it is none of these
    public boolean lockTd(long td, int operand, boolean isLocked) {
        int field = switch (operand) {
            case OperandId.SEPT_TREE -> TdControl.TREE_LOCK;
            case OperandId.TD_EPOCH -> TdControl.EPOCH_LOCK;
            case OperandId.OP_STATE -> TdControl.STATE_LOCK;
            default -> -1;
        };
        if (field >= 0) {
            control.set(td, field, isLocked ? -1 : 0);
        }
        return field >= 0;
    }

    /// The number of 4K units that a TD has.
    public long children(long td) {
        return control.get(td, TdControl.CHILDREN);
    }

    /// The entry of a level as it is, locks included, or -1 if the walk does not get there.
    public long rawEntry(long td, long gpa, int level, LeafCall call) {
        return isThere(td, gpa, level, call) ? sept.raw(call.entryPa) : -1;
    }

    private boolean isThere(long td, long gpa, int level, LeafCall call) {
        if (!isInitialised(td) || level < 0 || level > control.topLevel(td)
                || !PageInfo.isPrivate(gpa, control.gpaw(td))) {
            return false;
        }
        sept.walk(td, gpa, level, call);
        return call.level == level;
    }
}
