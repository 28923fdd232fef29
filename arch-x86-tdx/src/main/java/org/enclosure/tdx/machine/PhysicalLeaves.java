package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.Lifecycle;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves on physical pages: TDH.PHYMEM.PAGE.RDMD, RECLAIM and WBINVD, CACHE.WB, TDH.SYS.TDMR.INIT.
public final class PhysicalLeaves {
    private static final int ENTRIES_PER_CALL = 1024;
    private static final int ENTRIES = 512 * 512;
    private static final long GIB = 1L << 30;
    private static final int RESUME = 1;

    private final Pamt pamt;
    private final TdControl control;
    private final Measurements measurements;
    private final HostLines lines;
    private final KeyTable keys;

    PhysicalLeaves(Pamt pamt, TdControl control, Measurements measurements, HostLines lines, KeyTable keys) {
        this.pamt = pamt;
        this.keys = keys;
        this.control = control;
        this.measurements = measurements;
        this.lines = lines;
    }

    /// TDH.PHYMEM.PAGE.RDMD: RCX type, RDX owner, R8 level, R9 blocking epoch.
    ///
    /// @param rcx the page
    public long readMetadata(long rcx, LeafCall call) {
        call.reset();
        long status = pamt.lock(rcx, 0, false, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int level = pamt.leafLevel(rcx);
        show(rcx, level, call);
        boolean hasEpoch = call.rcx == PageType.REG || call.rcx == PageType.EPT;
        call.r9 = hasEpoch ? pamt.blockEpoch(rcx, level) : 0;
        pamt.unlock(rcx, 0, false);
        return TdxStatus.SUCCESS;
    }

    private void show(long page, int level, LeafCall call) {
        call.rcx = pamt.type(page, level);
        call.rdx = pamt.owner(page, level);
        call.r8 = level;
    }

    /// TDH.PHYMEM.PAGE.RECLAIM: gives a page of a TD in teardown back. RCX type, RDX owner, R8 level.
    ///
    /// @param rcx the page
    public long reclaim(long rcx, LeafCall call) {
        call.reset();
        long status = pamt.lock(rcx, 0, false, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int level = pamt.leafLevel(rcx);
        pamt.unlock(rcx, 0, false);
        long page = rcx & -PageInfo.size(level);
        status = pamt.lock(page, level, true, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        status = reclaimLocked(rcx, page, level, call);
        pamt.unlock(page, level, true);
        return status;
    }

    private long reclaimLocked(long rcx, long page, int level, LeafCall call) {
        int type = pamt.type(page, level);
        if (type == PageType.NDA || type == PageType.RSVD) {
            return TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.RCX);
        }
        show(page, level, call);
        if (rcx != page) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        long td = type == PageType.TDR ? page : call.rdx;
        if (control.lifecycle(td) != Lifecycle.TEARDOWN) {
            return TdxStatus.LIFECYCLE_STATE_INCORRECT;
        }
        if (type != PageType.TDR) {
            control.add(td, TdControl.CHILDREN, -PageLeaves.pages(level));
        } else if (control.get(td, TdControl.CHILDREN) != 0) {
            return TdxStatus.TD_ASSOCIATED_PAGES_EXIST;
        } else {
            measurements.drop(td);
        }
        pamt.free(page, level);
        return TdxStatus.SUCCESS;
    }

    /// TDH.PHYMEM.PAGE.WBINVD: writes a page that is not assigned out of the caches; it can be used with another key afterwards.
    ///
    /// @param rcx the page, with its key number
    public long writeBack(long rcx, LeafCall call) {
        call.reset();
        long page = LeafChecks.address(rcx);
        long status = rcx >>> 52 != 0 ? TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX)
                : pamt.lock(page, 0, false, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        boolean isFree = pamt.type(page, pamt.leafLevel(page)) == PageType.NDA;
        if (isFree) {
            lines.clear(page);
        }
        pamt.unlock(page, 0, false);
        return isFree ? TdxStatus.SUCCESS : TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.RCX);
    }

    /// TDH.PHYMEM.CACHE.WB: writes the caches back, so that keys of ended TDs can be freed. It is never interrupted here.
    ///
    /// @param rcx 0 to start; 1 to go on after an interrupt, of which there is none
    public long writeBackCaches(long rcx, LeafCall call) {
        call.reset();
        if (rcx < 0 || rcx > RESUME) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        if (rcx == RESUME) {
            return TdxStatus.WBCACHE_RESUME_ERROR;
        }
        return keys.writeBack() ? TdxStatus.SUCCESS : TdxStatus.NO_HKID_READY_TO_WBCACHE;
    }

    /// TDH.SYS.TDMR.INIT: initialises 1024 more entries of a TDMR. RDX is the next address, rounded down to 1 GiB: pages below it
    /// can be used.
    ///
    /// @param rcx base of the TDMR
    public long initTdmr(long rcx, LeafCall call) {
        call.reset();
        if ((rcx & GIB - 1) != 0 || pamt.block(rcx) == null) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        for (long at = rcx;; at += GIB) {
            PamtBlock block = pamt.block(at);
            if (block == null || at != rcx && block.startsTdmr()) {
                call.rdx = at;
                return TdxStatus.TDMR_ALREADY_INITIALIZED;
            }
            if (block.initialised() < ENTRIES) {
                block.initialised(block.initialised() + ENTRIES_PER_CALL);
                call.rdx = block.initialised() == ENTRIES ? at + GIB : at;
                return TdxStatus.SUCCESS;
            }
        }
    }
}
