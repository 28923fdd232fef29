package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.Lifecycle;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.TdParams;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves of a TD's life: TDH.MNG.CREATE, KEY.CONFIG, ADDCX, INIT, and the way down.
public final class TdLeaves {
    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Epochs epochs;
    private final Sept sept;
    private final LeafChecks checks;
    private final Measurements measurements;
    private final KeyTable keys;

    TdLeaves(PhysicalMemory memory, Pamt pamt, TdControl control, Epochs epochs, Sept sept, LeafChecks checks,
            Measurements measurements, KeyTable keys) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.epochs = epochs;
        this.sept = sept;
        this.checks = checks;
        this.measurements = measurements;
        this.keys = keys;
    }

    /// TDH.MNG.CREATE: makes a page the root of a new TD.
    ///
    /// @param rcx the page
    /// @param rdx a private key number that is free
    public long create(long rcx, long rdx, LeafCall call) {
        call.reset();
        return checks.end(createLocked(rcx, rdx, call), call);
    }

    private long createLocked(long rcx, long rdx, LeafCall call) {
        if (!KeyTable.isPrivate(rdx)) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RDX);
        }
        long status = checks.freePage(rcx, 0, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (!keys.assign((int) rdx)) {
            return TdxStatus.HKID_NOT_FREE;
        }
        memory.zero(rcx, PageInfo.size(0));
        control.set(rcx, TdControl.HKID, rdx);
        control.lifecycle(rcx, Lifecycle.HKID_ASSIGNED);
        pamt.assign(rcx, 0, PageType.TDR, 0);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MNG.KEY.CONFIG: programs the key.
    ///
    /// @param rcx TD
    public long configureKey(long rcx, LeafCall call) {
        return checks.end(configureKeyLocked(rcx, call), call);
    }

    private long configureKeyLocked(long rcx, LeafCall call) {
        long status = checks.page(true, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (control.isFatal(rcx)) {
            return TdxStatus.TD_FATAL;
        }
        if (control.lifecycle(rcx) == Lifecycle.KEYS_CONFIGURED) {
            return TdxStatus.KEY_CONFIGURED;
        }
        if (control.lifecycle(rcx) != Lifecycle.HKID_ASSIGNED) {
            return TdxStatus.LIFECYCLE_STATE_INCORRECT;
        }
        control.lifecycle(rcx, Lifecycle.KEYS_CONFIGURED);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MNG.ADDCX: one more control page.
    ///
    /// @param rcx the page
    /// @param rdx TD
    public long addControlPage(long rcx, long rdx, LeafCall call) {
        return checks.end(addControlPageLocked(rcx, rdx, call), call);
    }

    private long addControlPageLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.keyed(HostLeaf.MNG_ADDCX, rdx, OperandId.RDX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int count = (int) control.get(rdx, TdControl.TDCX_COUNT);
        if (count == TdControl.MAX_TDCX) {
            return TdxStatus.TDCX_NUM_INCORRECT;
        }
        if (!HostLeaf.MNG_ADDCX.isAllowedIn(control.opState(rdx))) {
            return TdxStatus.OP_STATE_INCORRECT;
        }
        status = checks.freePage(rcx, 0, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        memory.zero(rcx, PageInfo.size(0));
        pamt.assign(rcx, 0, PageType.TDCX, rdx);
        control.controlPage(rdx, count, rcx);
        control.set(rdx, TdControl.TDCX_COUNT, count + 1L);
        control.add(rdx, TdControl.CHILDREN, 1);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MNG.INIT: initialises a TD from its parameters.
    ///
    /// @param rcx TD
    /// @param rdx TD_PARAMS: 1024 bytes in ordinary memory, aligned
    public long init(long rcx, long rdx, LeafCall call) {
        return checks.end(initLocked(rcx, rdx, call), call);
    }

    private long initLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.td(HostLeaf.MNG_INIT, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (!checks.isSharedPage(rdx, TdParams.BYTES)) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RDX);
        }
        long params = LeafChecks.address(rdx);
        int wrong = TdParams.firstIllegal(memory, params);
        if (wrong != 0) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, wrong);
        }
        start(rcx, TdParams.attributes(memory, params), TdParams.gpaw(memory, params),
                TdParams.topLevel(memory, params));
        control.maxVcpus(rcx, TdParams.maxVcpus(memory, params));
        return TdxStatus.SUCCESS;
    }

    /// The part of TDH.MNG.INIT that is about memory.
    void start(long td, long attributes, int gpaw, int topLevel) {
        control.attributes(td, attributes);
        control.geometry(td, gpaw, topLevel);
        control.veDisabled(td, (attributes & Attributes.SEPT_VE_DISABLE) != 0);
        sept.initialise(control.root(td));
        epochs.start(td);
        measurements.start(td);
        control.opState(td, OpState.INITIALIZED);
    }

    /// TDH.MNG.VPFLUSHDONE: no vCPU is inside any more; the TD cannot be entered again.
    ///
    /// @param rcx TD
    public long flushDone(long rcx, LeafCall call) {
        return checks.end(flushDoneLocked(rcx, call), call);
    }

    private long flushDoneLocked(long rcx, LeafCall call) {
        long status = checks.page(true, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        int lifecycle = control.lifecycle(rcx);
        if (lifecycle != Lifecycle.KEYS_CONFIGURED && lifecycle != Lifecycle.HKID_ASSIGNED) {
            return TdxStatus.LIFECYCLE_STATE_INCORRECT;
        }
        boolean isInitialised = measurements.has(rcx);
        if (isInitialised && epochs.inside(rcx, 0) + epochs.inside(rcx, 1) != 0) {
            return TdxStatus.FLUSHVP_NOT_DONE;
        }
        keys.flush((int) control.get(rcx, TdControl.HKID));
        control.lifecycle(rcx, Lifecycle.BLOCKED);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MNG.KEY.RECLAIMID: nothing any more; it is there for hosts of older modules.
    ///
    /// @param rcx TD, which is not looked at
    public long reclaimKey(long rcx, LeafCall call) {
        call.reset();
        return TdxStatus.SUCCESS;
    }

    /// TDH.MNG.KEY.FREEID: the key number is free again, once the caches were written back; pages can be reclaimed.
    ///
    /// @param rcx TD
    public long freeKey(long rcx, LeafCall call) {
        return checks.end(freeKeyLocked(rcx, call), call);
    }

    private long freeKeyLocked(long rcx, LeafCall call) {
        long status = checks.page(true, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (control.lifecycle(rcx) != Lifecycle.BLOCKED) {
            return TdxStatus.LIFECYCLE_STATE_INCORRECT;
        }
        if (keys.isDirty((int) control.get(rcx, TdControl.HKID))) {
            return TdxStatus.WBCACHE_NOT_COMPLETE;
        }
        tearDown(rcx);
        return TdxStatus.SUCCESS;
    }

    /// What [#freeKey] does, without its checks.
    void tearDown(long td) {
        keys.release((int) control.get(td, TdControl.HKID));
        control.lifecycle(td, Lifecycle.TEARDOWN);
    }
}
