package org.enclosure.pkvm.ops;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.OperationCall;

/// The hypervisor's calls with operands from outside: what names no page is EINVAL, and nothing throws.
final class HypervisorLines {
    private final El2 el2;

    HypervisorLines(El2 el2) {
        this.el2 = el2;
    }

    long hostShareHyp(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hostShareHyp(call.in(0)) : HypErrno.EINVAL;
    }

    long hostUnshareHyp(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hostUnshareHyp(call.in(0)) : HypErrno.EINVAL;
    }

    long hostDonateHyp(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hostDonateHyp(call.in(0)) : HypErrno.EINVAL;
    }

    long hypDonateHost(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hypDonateHost(call.in(0)) : HypErrno.EINVAL;
    }

    long hypPin(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hypPin(call.in(0)) : HypErrno.EINVAL;
    }

    long hypUnpin(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hypUnpin(call.in(0)) : HypErrno.EINVAL;
    }

    long hostShareFfa(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hostShareFfa(call.in(0)) : HypErrno.EINVAL;
    }

    long hostUnshareFfa(OperationCall call) {
        return isPage(call.in(0)) ? el2.hostCalls().hostUnshareFfa(call.in(0)) : HypErrno.EINVAL;
    }

    long hostShareGuest(OperationCall call) {
        boolean isLegal = isPage(call.in(1)) && call.in(4) >>> 3 == 0;
        return isLegal ? el2.sharedGuestCalls().share(call.in(0), call.in(1), call.in(2), call.in(3), (int) call.in(4))
                : HypErrno.EINVAL;
    }

    long hostUnshareGuest(OperationCall call) {
        return el2.sharedGuestCalls().unshare(call.in(0), call.in(1), call.in(2));
    }

    long relaxPermissions(OperationCall call) {
        return call.in(2) >>> 3 == 0
                ? el2.sharedGuestCalls().relaxPermissions(call.in(0), call.in(1), (int) call.in(2))
                : HypErrno.EINVAL;
    }

    long writeProtect(OperationCall call) {
        return el2.sharedGuestCalls().writeProtect(call.in(0), call.in(1));
    }

    long testClearYoung(OperationCall call) {
        return el2.sharedGuestCalls().testClearYoung(call.in(0), call.in(1));
    }

    long makeYoung(OperationCall call) {
        return el2.sharedGuestCalls().makeYoung(call.in(0), call.in(1));
    }

    long hostDonateGuest(OperationCall call) {
        return isPage(call.in(1)) ? el2.protectedGuestCalls().donate(call.in(0), call.in(1), call.in(2))
                : HypErrno.EINVAL;
    }

    long reclaimGuestPage(OperationCall call) {
        return el2.protectedGuestCalls().reclaim(call.in(0), call.in(1), call.in(2));
    }

    long forceReclaim(OperationCall call) {
        return isPage(call.in(0)) ? el2.protectedGuestCalls().forceReclaim(call.in(0)) : HypErrno.EINVAL;
    }

    long guestShareHost(OperationCall call) {
        return el2.guestCalls().shareHost(call.in(0), call.in(1));
    }

    long guestUnshareHost(OperationCall call) {
        return el2.guestCalls().unshareHost(call.in(0), call.in(1));
    }

    long guestRelinquish(OperationCall call) {
        return el2.guestCalls().relinquish(call.in(0), call.in(1));
    }

    long initVm(OperationCall call) {
        long answer = isPage(call.in(0)) ? el2.vmCalls().initVm(call.in(0), call.in(1) == 1) : HypErrno.EINVAL;
        return out(call, answer);
    }

    long topUpMemcache(OperationCall call) {
        return isPage(call.in(1)) ? el2.vmCalls().topUpMemcache(call.in(0), call.in(1)) : HypErrno.EINVAL;
    }

    long startTeardown(OperationCall call) {
        return el2.vmCalls().startTeardown(call.in(0));
    }

    long reclaimTable(OperationCall call) {
        return out(call, el2.vmCalls().reclaimTable(call.in(0)));
    }

    long finalizeTeardown(OperationCall call) {
        return el2.vmCalls().finalizeTeardown(call.in(0));
    }

    long vcpuLoad(OperationCall call) {
        return el2.vmCalls().vcpuLoad(call.in(0));
    }

    long vcpuPut(OperationCall call) {
        return el2.vmCalls().vcpuPut(call.in(0));
    }

    private static boolean isPage(long pa) {
        return pa >= 0 && Paging.isPageAligned(pa);
    }

    /// A value above zero is an output, and the status is 0.
    private static long out(OperationCall call, long answer) {
        call.out(0, Math.max(answer, 0));
        return Math.min(answer, HypErrno.OK);
    }
}
