package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves that make a vCPU: TDH.VP.CREATE, ADDCX and INIT. Its root page (TDVPR) holds what this machine keeps of it.
///
/// ```
/// 0x00 1 once it is initialised      0x08 pages, the root page among them
/// ```
public final class VcpuLeaves {
    /// Pages of a vCPU, the root page among them: what module 1.5 tells the host (TDVPS_BASE_SIZE, 24 KiB).
    public static final int PAGES = 6;

    private static final int STATE = 0x00;
    private static final int COUNT = 0x08;
    /// As many as a vCPU with three nested guests has.
    private static final int MAX_PAGES = 15;
    private static final int READY = 1;

    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final LeafChecks checks;

    VcpuLeaves(PhysicalMemory memory, Pamt pamt, TdControl control, LeafChecks checks) {
        this.memory = memory;
        this.pamt = pamt;
        this.control = control;
        this.checks = checks;
    }

    /// TDH.VP.CREATE: a page becomes the root of a vCPU.
    ///
    /// @param rcx the page
    /// @param rdx TD
    public long create(long rcx, long rdx, LeafCall call) {
        return checks.end(createLocked(rcx, rdx, call), call);
    }

    private long createLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.td(HostLeaf.VP_CREATE, rdx, OperandId.RDX, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.freePage(rcx, 0, OperandId.RCX, call);
        }
        if (status == TdxStatus.SUCCESS) {
            take(rcx, PageType.TDVPR, rdx);
            memory.putLong(rcx + COUNT, 1);
        }
        return status;
    }

    /// TDH.VP.ADDCX: one more page for a vCPU.
    ///
    /// @param rcx the page
    /// @param rdx root page of the vCPU
    public long addControlPage(long rcx, long rdx, LeafCall call) {
        call.reset();
        long status = lockRoot(rdx, OperandId.RDX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        status = checks.end(addControlPageLocked(rcx, rdx, call), call);
        pamt.unlock(rdx, 0, true);
        return status;
    }

    private long addControlPageLocked(long rcx, long rdx, LeafCall call) {
        long status = owner(HostLeaf.VP_ADDCX, rdx, OperandId.RDX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (memory.getLong(rdx + STATE) == READY) {
            return TdxStatus.VCPU_STATE_INCORRECT;
        }
        long count = memory.getLong(rdx + COUNT);
        if (count >= MAX_PAGES) {
            return TdxStatus.TDCX_NUM_INCORRECT;
        }
        status = checks.freePage(rcx, 0, OperandId.RCX, call);
        if (status == TdxStatus.SUCCESS) {
            take(rcx, PageType.TDCX, call.td);
            memory.putLong(rdx + COUNT, count + 1);
        }
        return status;
    }

    /// TDH.VP.INIT: the vCPU counts from now on.
    ///
    /// @param rcx root page of the vCPU
    /// @param rdx what the guest finds in RCX and R8; no register of the guest is kept here
    public long init(long rcx, long rdx, LeafCall call) {
        call.reset();
        long status = lockRoot(rcx, OperandId.RCX);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        status = checks.end(initLocked(rcx, call), call);
        pamt.unlock(rcx, 0, true);
        return status;
    }

    private long initLocked(long rcx, LeafCall call) {
        long status = owner(HostLeaf.VP_INIT, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (memory.getLong(rcx + COUNT) < PAGES) {
            return TdxStatus.TDCX_NUM_INCORRECT;
        }
        if (memory.getLong(rcx + STATE) == READY) {
            return TdxStatus.VCPU_STATE_INCORRECT;
        }
        if (!control.addVcpu(call.td)) {
            return TdxStatus.MAX_VCPUS_EXCEEDED;
        }
        memory.putLong(rcx + STATE, READY);
        return TdxStatus.SUCCESS;
    }

    private long lockRoot(long page, int operand) {
        return pamt.lock(page, 0, true, operand);
    }

    /// The TD of a vCPU whose root page is locked.
    private long owner(HostLeaf leaf, long root, int operand, LeafCall call) {
        return pamt.is(root, PageType.TDVPR) ? checks.td(leaf, pamt.owner(root, 0), OperandId.TDR, call)
                : TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, operand);
    }

    private void take(long page, int type, long td) {
        memory.zero(page, PageInfo.size(0));
        pamt.assign(page, 0, type, td);
        control.add(td, TdControl.CHILDREN, 1);
    }
}
