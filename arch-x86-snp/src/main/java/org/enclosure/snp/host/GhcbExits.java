package org.enclosure.snp.host;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.jspecify.annotations.Nullable;

/// VMGEXIT of one vCPU: the GHCB MSR's protocol and the events of the GHCB page (GHCB specification), as KVM answers them. Whatever a
/// guest writes, it gets an answer or none; nothing throws.
final class GhcbExits {
    /// The guest is an SNP guest.
    static final boolean SNP = true;
    /// The guest is an SEV-ES guest.
    static final boolean ES = false;

    private static final int PHASE = 0;
    private static final int GHCB_GFN = 1;
    private static final int PSC = 1;
    private static final int MSR_PSC = 2;
    private static final int HYPERCALL = 3;
    private static final int GUEST_REQUEST = 4;
    private static final long NOT_REGISTERED = -1;
    private static final long GUEST_REQUEST_BUSY = 2L << 32;

    private final GhcbPage ghcb;
    private final PscRun psc;
    private final MsrProtocol protocol;
    private final Hypercalls hypercalls = new Hypercalls();
    private final boolean snp;
    private final @Nullable ApCreation creation;
    private long msr = GhcbMsr.sevInfo(MsrProtocol.VERSION_MAX, MsrProtocol.VERSION_MIN, Abi.C_BIT);
    private long registered = NOT_REGISTERED;

    GhcbExits(PhysicalMemory memory, boolean snp, @Nullable ApCreation creation) {
        ghcb = new GhcbPage(memory);
        psc = new PscRun(memory);
        protocol = new MsrProtocol(snp);
        this.snp = snp;
        this.creation = creation;
    }

    long wrmsr(RegisterFile registers, GuestCall call) {
        if (registers.get(Abi.CPL) != 0 || registers.get(Abi.RCX) != GhcbMsr.NUMBER) {
            return VcpuFaults.exception(VcpuFaults.GENERAL_PROTECTION, 0, call.detail);
        }
        msr = registers.get(Abi.RDX) << 32 | registers.get(Abi.RAX) & 0xffff_ffffL;
        return Status.OK;
    }

    long rdmsr(RegisterFile registers, GuestCall call) {
        if (registers.get(Abi.CPL) != 0 || registers.get(Abi.RCX) != GhcbMsr.NUMBER) {
            return VcpuFaults.exception(VcpuFaults.GENERAL_PROTECTION, 0, call.detail);
        }
        registers.set(Abi.RAX, msr & 0xffff_ffffL);
        registers.set(Abi.RDX, msr >>> 32);
        return Status.OK;
    }

    long vmgexit(GuestCall call) {
        return GhcbMsr.info(msr) == 0 ? event(call) : request(call);
    }

    // ---- MSR protocol ---------------------------------------------------------------------------------------------------

    private long request(GuestCall call) {
        int info = GhcbMsr.info(msr);
        if (info == GhcbMsr.TERMINATE || !snp && MsrProtocol.isForSnp(info)) {
            call.request = GuestCall.SHUTDOWN;
            call.number = msr;
            return Status.REQUEST;
        }
        if (info == GhcbMsr.REGISTER_REQUEST) {
            boolean isLegal = GhcbMsr.data(msr) < SnpTypes.FORMAT.gfnLimit();
            registered = isLegal ? GhcbMsr.data(msr) : registered;
            msr = GhcbMsr.of(GhcbMsr.REGISTER_RESPONSE, isLegal ? registered : GhcbMsr.NO_GFN);
            return Status.OK;
        }
        if (info == GhcbMsr.PSC_REQUEST) {
            return requestPsc(call);
        }
        msr = protocol.answer(msr);
        return Status.OK;
    }

    private long requestPsc(GuestCall call) {
        int operation = GhcbMsr.pscOperation(msr);
        boolean isLegal = operation == PscEntry.PRIVATE || operation == PscEntry.SHARED;
        if (!isLegal || !call.exitEnabled) {
            msr = GhcbMsr.ofUpper(GhcbMsr.PSC_RESPONSE, GhcbMsr.PSC_ERROR);
            return Status.OK;
        }
        call.scratch[PHASE] = MSR_PSC;
        call.gfn = GhcbMsr.pscGfn(msr);
        call.npages = 1;
        PscRun.ask(call, operation == PscEntry.PRIVATE, false);
        return Status.REQUEST;
    }

    // ---- events of the page ---------------------------------------------------------------------------------------------

    private long event(GuestCall call) {
        long gfn = msr >>> Paging.PAGE_SHIFT;
        if (gfn == 0 || gfn >= SnpTypes.FORMAT.gfnLimit()) {
            return Status.OK; // the exit is ignored
        }
        if (call.windowPfn == GuestCall.NO_FRAME) {
            call.needGfn = gfn;
            return Status.of(Status.NEED_PAGE);
        }
        ghcb.open(call.windowPfn << Paging.PAGE_SHIFT);
        call.scratch[GHCB_GFN] = gfn;
        if (snp && gfn != registered) {
            return answer(Ghcb.MALFORMED, Ghcb.NOT_REGISTERED);
        }
        if (ghcb.usage() != 0) {
            return answer(Ghcb.MALFORMED, Ghcb.INVALID_USAGE);
        }
        boolean isComplete = ghcb.has(Ghcb.EXIT_CODE) && ghcb.has(Ghcb.EXIT_INFO_1) && ghcb.has(Ghcb.EXIT_INFO_2);
        return isComplete ? dispatch(ghcb.get(Ghcb.EXIT_CODE), call) : answer(Ghcb.MALFORMED, Ghcb.MISSING_INPUT);
    }

    private long dispatch(long code, GuestCall call) {
        if (code == Ghcb.EVENT_PSC) {
            return beginPsc(call);
        }
        if (code == Ghcb.EVENT_VMMCALL) {
            return beginHypercall(call);
        }
        if (code == Ghcb.EVENT_GUEST_REQUEST || code == Ghcb.EVENT_EXTENDED_GUEST_REQUEST) {
            return beginGuestRequest(code, call);
        }
        if (code == Ghcb.EVENT_AP_CREATION && creation != null) {
            return creation.create(ghcb, call);
        }
        if (code == Ghcb.EVENT_HV_FEATURES) {
            return answer(Ghcb.NO_ACTION, snp ? Ghcb.FEATURES : 0);
        }
        if (code == Ghcb.EVENT_TERMINATE) {
            call.request = GuestCall.SHUTDOWN;
            return Status.REQUEST;
        }
        return answer(Ghcb.MALFORMED, Ghcb.INVALID_EVENT);
    }

    private long beginPsc(GuestCall call) {
        if (!snp || !ghcb.has(Ghcb.SCRATCH)) {
            return answer(Ghcb.MALFORMED, Ghcb.MISSING_INPUT);
        }
        long offset = ghcb.get(Ghcb.SCRATCH) - msr;
        boolean isInside = offset >= Ghcb.SHARED_BUFFER && offset <= Ghcb.SHARED_BUFFER_END - PscEntry.HEADER_BYTES;
        if (!isInside) {
            return answer(Ghcb.MALFORMED, Ghcb.INVALID_SCRATCH);
        }
        call.scratch[PHASE] = PSC;
        return answerPsc(psc.begin(ghcb.address(), offset, call));
    }

    private long answerPsc(long info2) {
        return info2 == PscRun.REQUESTED ? Status.REQUEST : answer(Ghcb.NO_ACTION, info2);
    }

    private long beginHypercall(GuestCall call) {
        if (!ghcb.has(Ghcb.RAX)) {
            return answer(Ghcb.MALFORMED, Ghcb.MISSING_INPUT);
        }
        call.scratch[PHASE] = HYPERCALL;
        long result = hypercalls.begin(ghcb.get(Ghcb.RAX), ghcb.get(Ghcb.RBX), ghcb.get(Ghcb.RCX), ghcb.get(Ghcb.RDX),
                0, call);
        return result == Hypercalls.REQUESTED ? Status.REQUEST : answerHypercall(result);
    }

    private long answerHypercall(long result) {
        answer(Ghcb.NO_ACTION, 0);
        ghcb.set(Ghcb.RAX, result);
        return Status.OK;
    }

    /// What a request is about is between the guest and the firmware: the VMM carries it.
    private long beginGuestRequest(long code, GuestCall call) {
        long request = ghcb.get(Ghcb.EXIT_INFO_1);
        long response = ghcb.get(Ghcb.EXIT_INFO_2);
        if (!Paging.isPageAligned(request) || !Paging.isPageAligned(response) || request == response || !snp) {
            return answer(Ghcb.MALFORMED, Ghcb.MISSING_INPUT);
        }
        boolean isExtended = code == Ghcb.EVENT_EXTENDED_GUEST_REQUEST;
        if (isExtended && !(ghcb.has(Ghcb.RAX) && ghcb.has(Ghcb.RBX))) {
            return answer(Ghcb.MALFORMED, Ghcb.MISSING_INPUT);
        }
        long certificates = ghcb.get(Ghcb.RAX); // once: the guest may write at the same time
        if (isExtended && !Paging.isPageAligned(certificates)) {
            return answer(Ghcb.MALFORMED, Ghcb.INVALID_INPUT);
        }
        call.scratch[PHASE] = GUEST_REQUEST;
        call.request = GuestCall.HYPERCALL;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.number = code;
        call.args[0] = request;
        call.args[1] = response;
        call.args[2] = isExtended ? certificates : 0;
        call.args[3] = isExtended ? ghcb.get(Ghcb.RBX) : 0;
        return Status.REQUEST;
    }

    private long answer(long info1, long info2) {
        ghcb.answer(info1, info2);
        return Status.OK;
    }

    // ---- the host's answers ---------------------------------------------------------------------------------------------

    /// Whether the call came through VMGEXIT.
    static boolean isUnderWay(GuestCall call) {
        return call.scratch[PHASE] != 0;
    }

    long answer(GuestCall call, long hostStatus) {
        if (call.scratch[PHASE] == MSR_PSC) {
            msr = GhcbMsr.ofUpper(GhcbMsr.PSC_RESPONSE, hostStatus < 0 ? GhcbMsr.PSC_ERROR : 0);
            return Status.OK;
        }
        if (call.windowPfn == GuestCall.NO_FRAME) {
            call.needGfn = call.scratch[GHCB_GFN];
            return Status.of(Status.NEED_PAGE);
        }
        ghcb.reopen(call.windowPfn << Paging.PAGE_SHIFT);
        if (call.scratch[PHASE] == PSC) {
            return answerPsc(psc.answered(ghcb.address(), hostStatus, call));
        }
        if (call.scratch[PHASE] == GUEST_REQUEST) {
            return answer(Ghcb.NO_ACTION, hostStatus < 0 ? GUEST_REQUEST_BUSY : call.args[0]);
        }
        return answerHypercall(hypercalls.result(call, hostStatus));
    }
}
