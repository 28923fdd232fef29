package org.enclosure.pkvm;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.Hypercall;
import org.enclosure.pkvm.wire.Smccc;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.plugin.MachineCall;
import org.enclosure.tck.plugin.MachineTable;

/// Which methods of EL2 are which operations.
final class PkvmMachine {
    static final MachineTable TABLE = MachineTable.of("org.enclosure.pkvm.machine")
            .operation("VmCalls.initVm", "HYP.INIT_VM").operation("VmCalls.topUpMemcache", "HYP.TOPUP_MEMCACHE")
            .operation("VmCalls.startTeardown", "HYP.START_TEARDOWN")
            .operation("VmCalls.reclaimTable", "HYP.RECLAIM_TABLE")
            .operation("VmCalls.finalizeTeardown", "HYP.FINALIZE_TEARDOWN")
            .operation("VmCalls.vcpuLoad", "HYP.VCPU_LOAD").operation("VmCalls.vcpuPut", "HYP.VCPU_PUT")
            .operation("ProtectedGuestCalls.donate", "HYP.HOST_DONATE_GUEST")
            .operation("ProtectedGuestCalls.reclaim", "HYP.RECLAIM_GUEST_PAGE")
            .operation("ProtectedGuestCalls.forceReclaim", "HYP.FORCE_RECLAIM")
            .operation("SharedGuestCalls.share", "HYP.HOST_SHARE_GUEST")
            .operation("SharedGuestCalls.unshare", "HYP.HOST_UNSHARE_GUEST")
            .operation("SharedGuestCalls.relaxPermissions", "HYP.HOST_RELAX_PERMS_GUEST")
            .operation("GuestCalls.shareHost", "HYP.GUEST_SHARE_HOST")
            .operation("GuestCalls.unshareHost", "HYP.GUEST_UNSHARE_HOST")
            .operation("HostCalls.hostAccess", "HOST.ACCESS", MachineTable.PFN_FIRST)
            .operation("Hypercalls.perform", "GUEST.HVC", PkvmMachine::guestCall)
            .inspection("STATE.PAGE", "host", "hyp", "owner", "share_count", "pins", "word")
            .inspection("STATE.HOST_LEAF", "descriptor", "level");

    private PkvmMachine() {
    }

    /// EL2 has decoded a call when it performs it: back to the registers.
    private static void guestCall(MachineCall from, OperationCall to) {
        int function = switch ((int) from.field("action")) {
            case Hypercall.RELINQUISH -> Smccc.MEM_RELINQUISH;
            case Hypercall.GUARD -> Smccc.MMIO_GUARD_MAP;
            default -> Smccc.MMIO_GUARD_ENROLL;
        };
        to.in(0, from.number(0));
        to.in(1, Smccc.SERVICE & 0xffff_ffffL | function);
        to.in(2, from.field("gfn") << Paging.PAGE_SHIFT);
    }
}
