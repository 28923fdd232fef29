package org.enclosure.tdx.host;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Tdcall;

/// MapGPA as KVM serves it: the operands are checked, then the host is asked for 2 MiB at a time, counted from the start. A request
/// changes no table by itself.
final class MapGpa {
    private static final long CHUNK_PAGES = Paging.PAGES_PER_2M;
    private static final long PRIVATE_ATTRIBUTE = 0x10;
    private static final int NEXT = 0;
    private static final int END = 1;

    private final long sharedBit;
    private final int maxPhyAddr;
    private final long busyAnswer;

    MapGpa(TdSettings settings) {
        sharedBit = PageInfo.sharedBit(settings.gpaw());
        maxPhyAddr = settings.maxPhyAddr();
        busyAnswer = settings.tellsInUse() ? Tdcall.GPA_INUSE : Tdcall.RETRY;
    }

    /// Starts a call.
    ///
    /// @param start R12: the first address, with the shared bit for a request to shared
    /// @param bytes R13
    long start(long start, long bytes, RegisterFile registers, GuestCall call) {
        if (!call.exitEnabled) {
            return VmCalls.result(registers, Tdcall.SUBFUNC_UNSUPPORTED, start);
        }
        long end = start + bytes;
        long last = end - 1;
        boolean isRange = Long.compareUnsigned(end, start) > 0 && isInWidth(start) && isInWidth(last)
                && (start & sharedBit) == (last & sharedBit);
        if (!isRange) {
            return VmCalls.result(registers, Tdcall.INVALID_OPERAND, start);
        }
        if (!Paging.isPageAligned(start) || !Paging.isPageAligned(bytes)) {
            return VmCalls.result(registers, Tdcall.ALIGN_ERROR, start);
        }
        call.scratch[NEXT] = start;
        call.scratch[END] = end;
        return ask(call);
    }

    private boolean isInWidth(long address) {
        return address >>> maxPhyAddr == 0;
    }

    /// The host has answered for one chunk.
    long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        long chunk = call.scratch[NEXT];
        if (Status.kind(hostStatus) == Status.RETRY) {
            return VmCalls.result(registers, busyAnswer, chunk);
        }
        if (hostStatus < 0) {
            return VmCalls.result(registers, Tdcall.INVALID_OPERAND, chunk);
        }
        long next = chunk + (call.npages << Paging.PAGE_SHIFT);
        if (next == call.scratch[END]) {
            return VmCalls.result(registers, Tdcall.SUCCESS);
        }
        call.scratch[NEXT] = next;
        return call.interruptPending ? VmCalls.result(registers, Tdcall.RETRY, next) : ask(call);
    }

    private long ask(GuestCall call) {
        long start = call.scratch[NEXT];
        long gpa = start & ~sharedBit;
        call.request = GuestCall.CONVERT;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.gfn = gpa >>> Paging.PAGE_SHIFT;
        call.npages = Math.min(CHUNK_PAGES, call.scratch[END] - start >>> Paging.PAGE_SHIFT);
        call.toPrivate = (start & sharedBit) == 0;
        call.number = VmExit.MAP_GPA_RANGE;
        call.args[0] = gpa;
        call.args[1] = call.npages;
        call.args[2] = call.toPrivate ? PRIVATE_ATTRIBUTE : 0;
        return Status.REQUEST;
    }
}
