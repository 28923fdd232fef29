package org.enclosure.software;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;

/// The calling convention of KVM on x86 and its one call about memory, KVM_HC_MAP_GPA_RANGE
/// (`Documentation/virt/kvm/x86/hypercalls.rst`, `arch/x86/kvm/x86.c`).
///
/// ```
/// rax  12                            63          5   4   3       0
/// rbx  gpa, 4K aligned              +-------------+----+----------+
/// rcx  number of 4K pages      rdx  | not checked | enc| size hint|
/// rdx  attributes                   +-------------+----+----------+
/// ```
///
/// KVM checks the range and leaves the attributes to the VMM; so does this class: the reserved bits 63:5 reach the VMM in
/// argument 2 of the exit, where a handler can refuse them, and bit 4 alone decides what is asked for.
final class Hypercall {
    static final int RAX = 0;
    static final int RBX = 1;
    static final int RCX = 2;
    static final int RDX = 3;
    static final int RSI = 4;

    /// Attribute bit 4: to encrypted, that is private.
    static final long ENCRYPTED = 1 << 4;

    static final long SUCCESS = 0;
    /// KVM_EAGAIN: somebody holds the page; try again.
    static final long EAGAIN = -11;
    /// KVM_EINVAL.
    static final long EINVAL = -22;
    /// KVM_ENOSYS: nobody answers this call.
    static final long ENOSYS = -1000;

    /// 2^52 pages: all that a 64-bit gpa can name.
    private static final long GFN_LIMIT = 1L << Long.SIZE - Paging.PAGE_SHIFT;

    private Hypercall() {
    }

    /// Turns the registers into a request, or answers at once in rax.
    ///
    /// @param style by which exit a request for a conversion reaches the VMM
    /// @return OK (answered) or REQUEST
    static long decode(RegisterFile registers, GuestCall call, boolean hasPrivate, int style) {
        long number = registers.get(RAX);
        boolean mapGpaRange = number == VmExit.MAP_GPA_RANGE;
        if (!call.exitEnabled || mapGpaRange && !hasPrivate) {
            return answered(registers, ENOSYS);
        }
        if (mapGpaRange && !isRange(registers.get(RBX), registers.get(RCX))) {
            return answered(registers, EINVAL);
        }
        call.request = mapGpaRange ? GuestCall.CONVERT : GuestCall.HYPERCALL;
        call.style = mapGpaRange ? style : GuestCall.STYLE_HYPERCALL;
        call.number = number;
        for (int argument = 0; argument <= RSI - RBX; argument++) {
            call.args[argument] = registers.get(RBX + argument);
        }
        if (mapGpaRange) {
            call.gfn = registers.get(RBX) >>> Paging.PAGE_SHIFT;
            call.npages = registers.get(RCX);
            call.toPrivate = (registers.get(RDX) & ENCRYPTED) != 0;
        }
        return Status.REQUEST;
    }

    /// Puts the host's decision into rax: what the VMM answered, whatever it is; where the engine decides, its error number.
    static void answer(GuestCall call, long hostStatus, RegisterFile registers) {
        boolean isConversion = call.request == GuestCall.CONVERT;
        if (hostStatus >= 0) {
            registers.set(RAX, isConversion ? SUCCESS : call.args[0]);
        } else if (Status.kind(hostStatus) == Status.RETRY) {
            registers.set(RAX, EAGAIN);
        } else {
            registers.set(RAX, isConversion ? refusal((short) Status.code(hostStatus)) : ENOSYS);
        }
    }

    private static long refusal(short code) {
        return code == 0 ? EINVAL : -code;
    }

    /// KVM's check, and its userspace's first one: a count that passes the end of the address space without wrapping in 64 bits
    /// is no memory either, and the guest sees the same code.
    private static boolean isRange(long gpa, long npages) {
        return Paging.isPageAligned(gpa) && npages > 0 && npages <= GFN_LIMIT - (gpa >>> Paging.PAGE_SHIFT);
    }

    private static long answered(RegisterFile registers, long result) {
        registers.set(RAX, result);
        return Status.OK;
    }
}
