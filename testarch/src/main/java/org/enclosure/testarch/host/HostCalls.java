package org.enclosure.testarch.host;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.testarch.wire.Abi;

/// The calls CALL and BATCH. Both become requests of at most one 2M region each, one after the other; what is left waits in the
/// call's scratch words. After each part a pending interrupt sends the guest back to ask for the rest again.
///
/// ```
/// 0 gfn   1 pages left   2 to private   3 entries left   4.. entries, last one first
/// ```
///
/// The entries are copied out of the guest's page once and checked all before the first is asked for, so that the guest cannot
/// change them after the check.
final class HostCalls {
    private static final int GFN = 0;
    private static final int LEFT = 1;
    private static final int TO_PRIVATE = 2;
    private static final int ENTRIES = 3;
    private static final int FIRST_ENTRY = 4;
    /// Attribute bit of KVM's hypercall that the exit shows for a request to private.
    private static final long ENCRYPTED = 1 << 4;

    private final PhysicalMemory memory;
    private final long gfnLimit;

    HostCalls(PhysicalMemory memory, long gfnLimit) {
        this.memory = memory;
        this.gfnLimit = gfnLimit;
    }

    long gfnLimit() {
        return gfnLimit;
    }

    long call(RegisterFile registers, GuestCall call) {
        if (registers.get(0) != Abi.FUNCTION_CONVERT) {
            return toVmm(registers, call);
        }
        long gpa = registers.get(1);
        long pages = registers.get(2);
        boolean isLegal = Paging.isPageAligned(gpa) && isRange(gpa >>> Paging.PAGE_SHIFT, pages)
                && registers.get(3) >>> 1 == 0;
        if (!isLegal) {
            return TestVcpu.result(registers, Abi.BAD_OPERAND, gpa);
        }
        start(call, gpa >>> Paging.PAGE_SHIFT, pages, registers.get(3) == 1);
        call.scratch[ENTRIES] = 0;
        return next(registers, call);
    }

    long batch(RegisterFile registers, GuestCall call) {
        long gpa = registers.get(1);
        if (!Paging.isPageAligned(gpa) || gpa >>> Paging.PAGE_SHIFT >= gfnLimit) {
            return TestVcpu.result(registers, Abi.BAD_OPERAND, gpa);
        }
        if (call.windowPfn == GuestCall.NO_FRAME) {
            call.needGfn = gpa >>> Paging.PAGE_SHIFT;
            return Status.of(Status.NEED_PAGE);
        }
        if (!copyEntries(call)) {
            return TestVcpu.result(registers, Abi.BAD_OPERAND, gpa);
        }
        call.scratch[LEFT] = 0;
        return next(registers, call);
    }

    long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        if (hostStatus < 0) {
            long code = Status.kind(hostStatus) == Status.RETRY ? Abi.BUSY : Abi.REFUSED;
            return TestVcpu.result(registers, code, call.gfn << Paging.PAGE_SHIFT);
        }
        if (call.request != GuestCall.CONVERT) {
            return TestVcpu.result(registers, Abi.SUCCESS, call.args[0]);
        }
        call.scratch[GFN] += call.npages;
        call.scratch[LEFT] -= call.npages;
        boolean isDone = call.scratch[LEFT] == 0 && call.scratch[ENTRIES] == 0;
        if (call.interruptPending && !isDone) {
            return TestVcpu.result(registers, Abi.BUSY, call.scratch[GFN] << Paging.PAGE_SHIFT);
        }
        return next(registers, call);
    }

    /// Asks for the next part, or tells the guest that all is done.
    private long next(RegisterFile registers, GuestCall call) {
        long[] scratch = call.scratch;
        if (scratch[LEFT] == 0 && scratch[ENTRIES] > 0) {
            long entry = scratch[FIRST_ENTRY + (int) --scratch[ENTRIES]];
            start(call, Abi.gfn(entry), Abi.pages(entry), Abi.toPrivate(entry));
        }
        long gfn = scratch[GFN];
        if (scratch[LEFT] == 0) {
            return TestVcpu.result(registers, Abi.SUCCESS, gfn << Paging.PAGE_SHIFT);
        }
        if (!call.exitEnabled) {
            return TestVcpu.result(registers, Abi.REFUSED, gfn << Paging.PAGE_SHIFT);
        }
        call.request = GuestCall.CONVERT;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.gfn = gfn;
        call.npages = Math.min(scratch[LEFT], Paging.ceil(gfn + 1, Paging.LEVEL_2M) - gfn);
        call.toPrivate = scratch[TO_PRIVATE] != 0;
        call.number = VmExit.MAP_GPA_RANGE;
        call.args[0] = gfn << Paging.PAGE_SHIFT;
        call.args[1] = call.npages;
        call.args[2] = call.toPrivate ? ENCRYPTED : 0;
        return Status.REQUEST;
    }

    private boolean copyEntries(GuestCall call) {
        long page = call.windowPfn << Paging.PAGE_SHIFT;
        long count = memory.getLongAcquire(page); // ORDERING: single copy; the guest may write at the same time
        if (count <= 0 || count > Abi.BATCH_ENTRIES) {
            return false;
        }
        for (int i = 1; i <= count; i++) {
            long entry = memory.getLongAcquire(page + (long) i * Long.BYTES); // ORDERING: single copy, as above
            if (!Abi.isWellFormed(entry) || !isRange(Abi.gfn(entry), Abi.pages(entry))) {
                return false;
            }
            call.scratch[FIRST_ENTRY + (int) count - i] = entry;
        }
        call.scratch[ENTRIES] = count;
        return true;
    }

    private boolean isRange(long gfn, long pages) {
        return pages > 0 && gfn < gfnLimit && pages <= gfnLimit - gfn;
    }

    private static void start(GuestCall call, long gfn, long pages, boolean toPrivate) {
        call.scratch[GFN] = gfn;
        call.scratch[LEFT] = pages;
        call.scratch[TO_PRIVATE] = toPrivate ? 1 : 0;
    }

    private static long toVmm(RegisterFile registers, GuestCall call) {
        if (!call.exitEnabled) {
            return TestVcpu.result(registers, Abi.REFUSED, 0);
        }
        call.request = GuestCall.HYPERCALL;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.number = registers.get(0);
        for (int argument = 0; argument < call.args.length; argument++) {
            call.args[argument] = registers.get(1 + argument);
        }
        return Status.REQUEST;
    }
}
