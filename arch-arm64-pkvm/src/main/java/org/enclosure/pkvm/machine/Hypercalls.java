package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.Smccc;

/// What HVC does: [#decode] checks the registers and the state of the pages and says what is asked for; [#perform] does it and
/// writes the results. Between the two the host's KVM may look at what is asked for.
///
/// Every check that fails inside of EL2 is INVALID_PARAMETER for the guest, never an errno. A page that is not mapped is no result at
/// all: the host is told of an abort and the guest executes the HVC again. Source: the kernel's `hypercalls.rst`.
public final class Hypercalls {
    /// The most pages that one call of a range does (Android).
    public static final int MAX_RANGE = 512;

    private final El2 el2;

    Hypercalls(El2 el2) {
        this.el2 = el2;
    }

    /// Checks a call of a guest.
    ///
    /// @param r0 the function is in the low 32 bits
    public void decode(long handle, long r0, long r1, long r2, long r3, Hypercall call) {
        int fid = (int) r0;
        if (fid == Smccc.CALL_UID) {
            call.done(Smccc.uid(0), Smccc.uid(1));
            call.results[2] = Smccc.uid(2);
            call.results[3] = Smccc.uid(3);
            return;
        }
        boolean isProtected = el2.vms.isProtected(handle);
        int function = Smccc.function(fid);
        if (function == 0) {
            call.done(features(isProtected), 0);
        } else if (function < 0 || !isProtected || (features(true) >>> function & 1) == 0 || function >= Long.SIZE) {
            call.done(Smccc.NOT_SUPPORTED, 0);
        } else {
            decodeMemory(handle, function, r1, r2, r3, call);
        }
    }

    private void decodeMemory(long handle, int function, long r1, long r2, long r3, Hypercall call) {
        switch (function) {
            case Smccc.HYP_MEMINFO -> call.done((r1 | r2 | r3) == 0 ? Paging.PAGE_SIZE : Smccc.INVALID_PARAMETER,
                    (r1 | r2 | r3) == 0 && el2.profile.isAndroid() ? Smccc.RANGES : 0);
            case Smccc.MEM_SHARE -> decodeRange(handle, r1, r2, r3, Hypercall.SHARE, call);
            case Smccc.MEM_UNSHARE -> decodeRange(handle, r1, r2, r3, Hypercall.UNSHARE, call);
            case Smccc.MEM_RELINQUISH -> decodePage(r1, r2 | r3, Hypercall.RELINQUISH, call);
            case Smccc.MMIO_GUARD_INFO -> call
                    .done((r1 | r2 | r3) == 0 ? Paging.PAGE_SIZE : Smccc.INVALID_PARAMETER, 0);
            case Smccc.MMIO_GUARD_ENROLL -> call.wants(Hypercall.ENROLL, 0, 0);
            case Smccc.MMIO_GUARD_MAP -> decodePage(r1, 0, Hypercall.GUARD, call);
            case Smccc.MMIO_GUARD_UNMAP -> call.done(Smccc.SUCCESS, 0);
            default -> call.done(Smccc.NOT_SUPPORTED, 0);
        }
    }

    private static void decodePage(long ipa, long reserved, int action, Hypercall call) {
        if (reserved != 0 || !isPage(ipa)) {
            call.done(Smccc.INVALID_PARAMETER, 0);
        } else {
            call.wants(action, ipa >>> Paging.PAGE_SHIFT, 1);
        }
    }

    /// Mainline: one page, R2 and R3 are zero. Android: R2 pages, 0 counts as 1; the call does what can be done from the first page
    /// on and reports how many that were.
    private void decodeRange(long handle, long ipa, long r2, long r3, int action, Hypercall call) {
        boolean isLegal = r3 == 0 && (r2 == 0 || el2.profile.isAndroid()) && isPage(ipa);
        if (!isLegal) {
            call.done(Smccc.INVALID_PARAMETER, 0);
            return;
        }
        long gfn = ipa >>> Paging.PAGE_SHIFT;
        long wanted = r2 == 0 ? 1 : r2 < 0 || r2 > MAX_RANGE ? MAX_RANGE : r2;
        boolean share = action == Hypercall.SHARE;
        long first = el2.guestCalls().check(handle, gfn, share);
        if (first == HypErrno.ENOENT) {
            call.wants(Hypercall.ABORT, gfn, 1);
        } else if (first != HypErrno.OK) {
            call.done(Smccc.INVALID_PARAMETER, 0);
        } else {
            long ready = 1;
            while (ready < wanted && gfn + ready < GuestStage2.GFN_LIMIT
                    && el2.guestCalls().check(handle, gfn + ready, share) == HypErrno.OK) {
                ready++;
            }
            call.wants(action, gfn, ready);
        }
    }

    /// Does what a call asks for, and ends it. BUSY: nothing was done.
    public void perform(long handle, Hypercall call) {
        long answer = switch (call.action) {
            case Hypercall.SHARE, Hypercall.UNSHARE -> performRange(handle, call);
            case Hypercall.RELINQUISH -> el2.guestCalls().relinquish(handle, call.gfn);
            case Hypercall.GUARD -> el2.guestCalls().guardMmio(handle, call.gfn);
            case Hypercall.ENROLL -> el2.guestCalls().enrollMmioGuard(handle);
            default -> 1; // over, or an abort
        };
        if (answer == HypErrno.ERESTART) {
            call.action = Hypercall.BUSY;
        } else if (answer <= 0) {
            finish(call, answer == HypErrno.OK);
        }
    }

    private long performRange(long handle, Hypercall call) {
        long done = 0;
        long answer = HypErrno.OK;
        for (; done < call.npages && answer == HypErrno.OK; done += answer == HypErrno.OK ? 1 : 0) {
            answer = call.action == Hypercall.SHARE ? el2.guestCalls().shareHost(handle, call.gfn + done)
                    : el2.guestCalls().unshareHost(handle, call.gfn + done);
        }
        call.npages = Math.max(done, 1);
        return done > 0 ? HypErrno.OK : answer;
    }

    /// Ends a call that asked for something.
    ///
    /// @param succeeded whether it was done
    public void finish(Hypercall call, boolean succeeded) {
        boolean isRange = call.action == Hypercall.SHARE || call.action == Hypercall.UNSHARE;
        call.done(succeeded ? Smccc.SUCCESS : Smccc.INVALID_PARAMETER,
                succeeded && isRange && el2.profile.isAndroid() ? call.npages : 0);
    }

    /// The bitmap of functions 0 to 63; those from 64 on are not there.
    private long features(boolean isProtected) {
        if (!isProtected) {
            return 1;
        }
        long bits = 1 | 1 << Smccc.HYP_MEMINFO | 1 << Smccc.MEM_SHARE | 1 << Smccc.MEM_UNSHARE
                | 1 << Smccc.MMIO_GUARD_MAP;
        bits |= el2.profile.isRelinquishing() ? 1 << Smccc.MEM_RELINQUISH : 0;
        return el2.profile.isAndroid()
                ? bits | 1 << Smccc.MMIO_GUARD_INFO | 1 << Smccc.MMIO_GUARD_ENROLL | 1 << Smccc.MMIO_GUARD_UNMAP : bits;
    }

    private static boolean isPage(long ipa) {
        return Paging.isPageAligned(ipa) && ipa >>> Paging.PAGE_SHIFT < GuestStage2.GFN_LIMIT;
    }
}
