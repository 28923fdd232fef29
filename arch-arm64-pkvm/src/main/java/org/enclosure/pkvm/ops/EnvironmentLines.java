package org.enclosure.pkvm.ops;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.GuestStage2;
import org.enclosure.pkvm.machine.Hypercall;
import org.enclosure.pkvm.machine.Inspection;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.pkvm.wire.Syndrome;
import org.enclosure.spi.OperationCall;

/// What host and guest do by themselves, what can be inspected, and what tests force.
final class EnvironmentLines {
    private static final long SIGSEGV = 11;
    private static final long PANIC = 255;
    private static final long INSTRUCTION = 4;

    private final El2 el2;
    private final Inspection inspection;

    EnvironmentLines(El2 el2) {
        this.el2 = el2;
        inspection = el2.inspection();
    }

    /// One HVC from the registers to the registers, with nobody asked.
    long hvc(OperationCall call) {
        if (!inspection.exists(call.in(0))) {
            return HypErrno.EINVAL;
        }
        Hypercall hypercall = new Hypercall();
        el2.hypercalls().decode(call.in(0), call.in(1), call.in(2), call.in(3), call.in(4), hypercall);
        el2.hypercalls().perform(call.in(0), hypercall);
        if (hypercall.action == Hypercall.BUSY) {
            return HypErrno.ERESTART;
        }
        boolean returned = hypercall.action == Hypercall.DONE;
        for (int i = 0; i < hypercall.results.length; i++) {
            call.out(i, returned ? hypercall.results[i] : call.in(1 + i));
        }
        call.out(4, returned ? 1 : 0);
        call.out(5, returned ? 0 : Syndrome.guestAbort(true));
        call.out(6, returned ? 0 : Syndrome.hpfar(hypercall.gfn));
        call.out(7, 0);
        call.out(8, returned ? 0 : -INSTRUCTION);
        return HypErrno.OK;
    }

    /// An access of a guest: OK with the page behind it, ENOENT (an abort for the host), EHWPOISON (KVM_RUN ends with EFAULT).
    long guestAccess(OperationCall call) {
        if (!isGfn(call.in(0), call.in(1))) {
            return HypErrno.EINVAL;
        }
        long pfn = inspection.guestPfn(call.in(0), call.in(1));
        int state = inspection.guestState(call.in(0), call.in(1));
        call.out(0, pfn << Paging.PAGE_SHIFT);
        call.out(1, state);
        return state == PageState.POISON ? HypErrno.EHWPOISON : pfn < 0 ? HypErrno.ENOENT : HypErrno.OK;
    }

    /// An access of the host. A process that touches what was given away gets SIGSEGV; the kernel takes the page by force and
    /// repeats the access, where it can.
    long hostAccess(OperationCall call) {
        long pa = call.in(0) & -Paging.PAGE_SIZE;
        if (!inspection.isRam(pa)) {
            return HypErrno.EINVAL;
        }
        boolean fromKernel = call.in(2) == 1;
        long answer = el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
        boolean refused = answer == HypErrno.EPERM;
        if (refused && fromKernel && el2.profile().isForcing()) {
            long forced = el2.protectedGuestCalls().forceReclaim(pa);
            if (forced == HypErrno.ERESTART) {
                return forced;
            }
            call.out(2, forced == HypErrno.OK ? 1 : 0);
            answer = forced == HypErrno.OK ? HypErrno.OK : answer;
        }
        boolean panics = refused && el2.isPanicked();
        call.out(0, answer == HypErrno.OK ? 0 : panics ? PANIC : SIGSEGV);
        call.out(1, refused && !panics ? Syndrome.hostAbort(call.in(1) == 1, fromKernel) : 0);
        return answer;
    }

    long read64(OperationCall call) {
        long answer = hostWord(call.in(0));
        call.out(0, answer == HypErrno.OK ? el2.memory().getLong(call.in(0)) : 0);
        return answer;
    }

    long write64(OperationCall call) {
        long answer = hostWord(call.in(0));
        if (answer == HypErrno.OK) {
            el2.memory().putLong(call.in(0), call.in(1));
        }
        return answer;
    }

    long fillPage(OperationCall call) {
        long answer = Paging.isPageAligned(call.in(0)) ? hostWord(call.in(0)) : HypErrno.EINVAL;
        for (long at = call.in(0); answer == HypErrno.OK && at < call.in(0) + Paging.PAGE_SIZE; at += Long.BYTES) {
            el2.memory().putLong(at, call.in(1));
        }
        return answer;
    }

    long page(OperationCall call) {
        if (!inspection.isRam(call.in(0))) {
            return HypErrno.EINVAL;
        }
        long pfn = call.in(0) >>> Paging.PAGE_SHIFT;
        long word = inspection.page(pfn);
        call.out(0, HypPage.host(word));
        call.out(1, HypPage.hyp(word));
        call.out(2, inspection.owner(pfn));
        call.out(3, HypPage.shares(word));
        call.out(4, HypPage.pins(word));
        call.out(5, word);
        return HypErrno.OK;
    }

    long pageZero(OperationCall call) {
        if (!inspection.isRam(call.in(0))) {
            return HypErrno.EINVAL;
        }
        call.out(0, el2.memory().isZero(call.in(0), Paging.PAGE_SIZE) ? 1 : 0);
        return HypErrno.OK;
    }

    long memory64(OperationCall call) {
        if ((call.in(0) & Long.BYTES - 1) != 0 || !inspection.isRam(call.in(0) & -Paging.PAGE_SIZE)) {
            return HypErrno.EINVAL;
        }
        call.out(0, el2.memory().getLong(call.in(0)));
        return HypErrno.OK;
    }

    long hostLeaf(OperationCall call) {
        if (!inspection.isRam(call.in(0))) {
            return HypErrno.EINVAL;
        }
        call.out(0, inspection.hostDescriptor(call.in(0) >>> Paging.PAGE_SHIFT));
        call.out(1, inspection.hostLevel(call.in(0) >>> Paging.PAGE_SHIFT));
        return HypErrno.OK;
    }

    long guestLeaf(OperationCall call) {
        if (!isGfn(call.in(0), call.in(1))) {
            return HypErrno.EINVAL;
        }
        call.out(0, inspection.guestState(call.in(0), call.in(1)));
        call.out(1, inspection.guestPfn(call.in(0), call.in(1)) << Paging.PAGE_SHIFT);
        call.out(2, inspection.guestDescriptor(call.in(0), call.in(1)));
        call.out(3, inspection.guestLevel(call.in(0), call.in(1)));
        return HypErrno.OK;
    }

    long nextLeaf(OperationCall call) {
        if (!isGfn(call.in(0), call.in(1))) {
            return HypErrno.EINVAL;
        }
        long next = inspection.nextLeaf(call.in(0), call.in(1));
        while (next < -1) {
            next = inspection.nextLeaf(call.in(0), -2 - next);
        }
        call.out(0, next);
        return HypErrno.OK;
    }

    long vm(OperationCall call) {
        if (!inspection.exists(call.in(0))) {
            return HypErrno.EINVAL;
        }
        call.out(0, inspection.isProtected(call.in(0)) ? 1 : 0);
        call.out(1, inspection.isDying(call.in(0)) ? 1 : 0);
        call.out(2, inspection.loaded(call.in(0)));
        call.out(3, inspection.memcache(call.in(0)));
        return HypErrno.OK;
    }

    long setPage(OperationCall call) {
        boolean isLegal = inspection.isRam(call.in(0)) && call.in(1) <= PageState.NOPAGE
                && call.in(2) <= PageState.NOPAGE && call.in(3) <= Owner.GUEST
                && call.in(6) <= HypPage.MAX_SHARES && call.in(7) <= HypPage.MAX_PINS;
        if (!isLegal) {
            return HypErrno.EINVAL;
        }
        long word = HypPage.withHyp(HypPage.withHost(HypPage.INITIAL, (int) call.in(1)), (int) call.in(2));
        word = HypPage.withPins(HypPage.withShares(word, call.in(6)), call.in(7));
        inspection.forcePage(call.in(0) >>> Paging.PAGE_SHIFT, word, (int) call.in(3), call.in(4), call.in(5));
        return HypErrno.OK;
    }

    long setGuestLeaf(OperationCall call) {
        boolean isLegal = isGfn(call.in(0), call.in(1)) && call.in(2) <= PageState.POISON
                && inspection.isRam(call.in(3));
        return isLegal ? inspection.forceLeaf(call.in(0), call.in(1), (int) call.in(2), call.in(3)) : HypErrno.EINVAL;
    }

    /// Whether the host may touch the word at an address.
    private long hostWord(long pa) {
        if ((pa & Long.BYTES - 1) != 0 || !inspection.isRam(pa & -Paging.PAGE_SIZE)) {
            return HypErrno.EINVAL;
        }
        return el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
    }

    private boolean isGfn(long vm, long gfn) {
        return inspection.exists(vm) && gfn >= 0 && gfn < GuestStage2.GFN_LIMIT;
    }
}
