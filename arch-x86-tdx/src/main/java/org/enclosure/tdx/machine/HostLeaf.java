package org.enclosure.tdx.machine;

import static org.enclosure.tdx.wire.OpState.FAILED_IMPORT;
import static org.enclosure.tdx.wire.OpState.INITIALIZED;
import static org.enclosure.tdx.wire.OpState.LIVE_EXPORT;
import static org.enclosure.tdx.wire.OpState.LIVE_IMPORT;
import static org.enclosure.tdx.wire.OpState.MEMORY_IMPORT;
import static org.enclosure.tdx.wire.OpState.PAUSED_EXPORT;
import static org.enclosure.tdx.wire.OpState.POST_EXPORT;
import static org.enclosure.tdx.wire.OpState.POST_IMPORT;
import static org.enclosure.tdx.wire.OpState.RUNNABLE;
import static org.enclosure.tdx.wire.OpState.STATE_IMPORT;
import static org.enclosure.tdx.wire.OpState.UNINITIALIZED;

import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.SeptState;

/// What is checked of a TD and of an entry before a SEAMCALL leaf does anything: one line per leaf (TDX Module 1.5 ABI
/// specification, tables of allowed OP_STATEs and of allowed entry states).
public enum HostLeaf {
    /// TDH.MNG.ADDCX.
    MNG_ADDCX(1, ops(UNINITIALIZED), true, false, 0, 0, 0),
    /// TDH.MNG.INIT.
    MNG_INIT(21, ops(UNINITIALIZED), true, false, 0, 0, 0),
    /// TDH.VP.CREATE.
    VP_CREATE(10, ops(INITIALIZED), false, false, 0, 0, 0),
    /// TDH.VP.ADDCX.
    VP_ADDCX(4, ops(INITIALIZED), false, false, 0, 0, 0),
    /// TDH.VP.INIT.
    VP_INIT(22, ops(INITIALIZED), false, false, 0, 0, 0),
    /// TDH.MEM.PAGE.ADD.
    MEM_PAGE_ADD(2, ops(INITIALIZED), true, false, 0, 0, states(SeptState.FREE)),
    /// TDH.MEM.SEPT.ADD.
    MEM_SEPT_ADD(3, ops(INITIALIZED, RUNNABLE, LIVE_EXPORT, MEMORY_IMPORT, STATE_IMPORT, POST_IMPORT, LIVE_IMPORT),
            false,
            false, 1, HostLeaf.TOP, states(SeptState.FREE)),
    /// TDH.MEM.PAGE.RELOCATE.
    MEM_PAGE_RELOCATE(5, built(), false, false, 0, 0, pages()),
    /// TDH.MEM.PAGE.AUG.
    MEM_PAGE_AUG(6, ops(INITIALIZED, RUNNABLE, LIVE_EXPORT, LIVE_IMPORT), false, false, 0, 1,
            states(SeptState.FREE, SeptState.REMOVED)),
    /// TDH.MEM.RANGE.BLOCK.
    MEM_RANGE_BLOCK(7, built(), false, true, 0, HostLeaf.TOP,
            states(SeptState.NL_MAPPED, SeptState.NL_BLOCKED, SeptState.MAPPED, SeptState.BLOCKED, SeptState.BLOCKEDW,
                    SeptState.PENDING, SeptState.PENDING_BLOCKED, SeptState.PENDING_BLOCKEDW)),
    /// TDH.MEM.RD.
    MEM_RD(12, any(), false, false, 0, 0, readable()),
    /// TDH.MEM.WR.
    MEM_WR(14,
            ops(INITIALIZED, RUNNABLE, LIVE_EXPORT, MEMORY_IMPORT, STATE_IMPORT, POST_IMPORT, LIVE_IMPORT,
                    FAILED_IMPORT),
            false, false, 0, 0, states(SeptState.MAPPED, SeptState.EXPORTED_DIRTY)),
    /// TDH.MEM.PAGE.DEMOTE.
    MEM_PAGE_DEMOTE(15, built(), false, false, 1, 2,
            states(SeptState.MAPPED, SeptState.BLOCKED, SeptState.PENDING, SeptState.PENDING_BLOCKED)),
    /// TDH.MR.EXTEND.
    MR_EXTEND(16, ops(INITIALIZED), true, false, 0, 0, states(SeptState.MAPPED)),
    /// TDH.MR.FINALIZE.
    MR_FINALIZE(17, ops(INITIALIZED), true, false, 0, 0, 0),
    /// TDH.MEM.PAGE.PROMOTE.
    MEM_PAGE_PROMOTE(23, built(), false, false, 1, 2, states(SeptState.NL_MAPPED, SeptState.NL_BLOCKED)),
    /// TDH.MEM.SEPT.RD.
    MEM_SEPT_RD(25, any(), false, false, 0, HostLeaf.TOP, -1),
    /// TDH.MEM.PAGE.REMOVE.
    MEM_PAGE_REMOVE(29, built() | FAILED_IMPORT.bit(), false, false, 0, 2,
            states(SeptState.MAPPED, SeptState.BLOCKED, SeptState.BLOCKEDW, SeptState.PENDING,
                    SeptState.PENDING_BLOCKED,
                    SeptState.PENDING_BLOCKEDW)),
    /// TDH.MEM.SEPT.REMOVE.
    MEM_SEPT_REMOVE(30, any(), false, true, 1, HostLeaf.TOP, states(SeptState.NL_MAPPED, SeptState.NL_BLOCKED)),
    /// TDH.MEM.TRACK.
    MEM_TRACK(38, any() & ~FAILED_IMPORT.bit(), false, false, 0, 0, 0),
    /// TDH.MEM.RANGE.UNBLOCK.
    MEM_RANGE_UNBLOCK(39, built(), false, true, 0, HostLeaf.TOP,
            states(SeptState.NL_BLOCKED, SeptState.BLOCKED, SeptState.PENDING_BLOCKED)),
    /// TDH.EXPORT.BLOCKW.
    EXPORT_BLOCKW(65, ops(LIVE_EXPORT), false, false, 0, 0,
            states(SeptState.MAPPED, SeptState.EXPORTED_DIRTY, SeptState.PENDING, SeptState.PENDING_EXPORTED_DIRTY)),
    /// TDH.EXPORT.RESTORE.
    EXPORT_RESTORE(66, ops(RUNNABLE), false, false, 0, 0,
            states(SeptState.EXPORTED_BLOCKEDW, SeptState.EXPORTED_DIRTY, SeptState.EXPORTED_DIRTY_BLOCKEDW,
                    SeptState.PENDING_EXPORTED_BLOCKEDW, SeptState.PENDING_EXPORTED_DIRTY,
                    SeptState.PENDING_EXPORTED_DIRTY_BLOCKEDW)),
    /// TDH.EXPORT.MEM.
    EXPORT_MEM(68, ops(LIVE_EXPORT, PAUSED_EXPORT, POST_EXPORT), false, false, 0, 0,
            pages() & ~states(SeptState.BLOCKED, SeptState.PENDING_BLOCKED)),
    /// TDH.EXPORT.UNBLOCKW.
    EXPORT_UNBLOCKW(75, ops(RUNNABLE, LIVE_EXPORT, PAUSED_EXPORT, POST_EXPORT), false, false, 0, 0,
            states(SeptState.BLOCKEDW, SeptState.EXPORTED_BLOCKEDW, SeptState.EXPORTED_DIRTY_BLOCKEDW,
                    SeptState.PENDING_BLOCKEDW, SeptState.PENDING_EXPORTED_BLOCKEDW,
                    SeptState.PENDING_EXPORTED_DIRTY_BLOCKEDW)),
    /// TDH.IMPORT.MEM.
    IMPORT_MEM(83, ops(MEMORY_IMPORT, STATE_IMPORT, POST_IMPORT, LIVE_IMPORT), false, false, 0, 0,
            states(SeptState.FREE, SeptState.REMOVED, SeptState.MAPPED, SeptState.PENDING));

    /// As maximal level: that of the TD's root entries.
    static final int TOP = 7;

    private final int number;
    private final int opStates;
    private final boolean isTdExclusive;
    private final boolean isTreeExclusive;
    private final int minLevel;
    private final int maxLevel;
    private final int entryStates;

    HostLeaf(int number, int opStates, boolean isTdExclusive, boolean isTreeExclusive, int minLevel, int maxLevel,
            int entryStates) {
        this.number = number;
        this.opStates = opStates;
        this.isTdExclusive = isTdExclusive;
        this.isTreeExclusive = isTreeExclusive;
        this.minLevel = minLevel;
        this.maxLevel = maxLevel;
        this.entryStates = entryStates;
    }

    /// The number of the leaf, RAX bits 15:0.
    public int number() {
        return number;
    }

    boolean isAllowedIn(OpState state) {
        return (opStates & state.bit()) != 0;
    }

    boolean isTdExclusive() {
        return isTdExclusive;
    }

    boolean isTreeExclusive() {
        return isTreeExclusive;
    }

    int minLevel() {
        return minLevel;
    }

    int maxLevel(int topLevel) {
        return Math.min(maxLevel, topLevel);
    }

    boolean isAllowedOn(SeptState state) {
        return (entryStates & state.bit()) != 0;
    }

    private static int ops(OpState... states) {
        int set = 0;
        for (OpState state : states) {
            set |= state.bit();
        }
        return set;
    }

    private static int any() {
        return (1 << OpState.values().length) - 1 & ~UNINITIALIZED.bit();
    }

    private static int built() {
        return ops(INITIALIZED, RUNNABLE, LIVE_EXPORT, PAUSED_EXPORT, POST_EXPORT, POST_IMPORT, LIVE_IMPORT);
    }

    private static int states(SeptState... states) {
        int set = 0;
        for (SeptState state : states) {
            set |= state.bit();
        }
        return set;
    }

    private static int pages() {
        int set = 0;
        for (SeptState state : SeptState.values()) {
            set |= state.isPage() ? state.bit() : 0;
        }
        return set;
    }

    private static int readable() {
        int set = 0;
        for (SeptState state : SeptState.values()) {
            set |= state.isReadable() ? state.bit() : 0;
        }
        return set;
    }
}
