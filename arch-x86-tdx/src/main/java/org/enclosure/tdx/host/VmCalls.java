package org.enclosure.tdx.host;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.tdx.wire.Gpr;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;

/// TDG.VP.VMCALL: the module's check of the register mask, then what KVM does for each sub-function (Guest-Host-Communication
/// Interface). RAX is the module's answer and is 0 whenever the host was reached; R10 is the host's.
final class VmCalls {
    /// RAX, RCX and RSP can never be shown; bits 63:32 are reserved.
    private static final long ILLEGAL_MASK = 0xffff_ffff_0000_0013L;
    private static final int STANDARD = 1;
    private static final int KIND = 8;
    private static final int MAP_GPA = 2;
    private static final int VENDOR = 3;
    private static final int FIRST_VECTOR = 32;
    private static final int LAST_VECTOR = 255;

    private final MapGpa mapGpa;
    private final long sharedBit;

    VmCalls(TdSettings settings) {
        mapGpa = new MapGpa(settings);
        sharedBit = PageInfo.sharedBit(settings.gpaw());
    }

    /// Executes the leaf; answers OK or REQUEST.
    long execute(RegisterFile registers, GuestCall call) {
        if ((registers.get(Gpr.RCX) & ILLEGAL_MASK) != 0) {
            registers.set(Gpr.RAX, TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX));
            return Status.OK;
        }
        registers.set(Gpr.RAX, TdxStatus.SUCCESS);
        if (shown(registers, Gpr.R10) != 0) {
            return toVmm(registers, call, shown(registers, Gpr.R10), VENDOR, Gpr.R11);
        }
        long function = shown(registers, Gpr.R11);
        if (function >>> Integer.SIZE != 0) {
            return result(registers, Tdcall.SUBFUNC_UNSUPPORTED);
        }
        return switch ((int) function) {
            case Tdcall.MAP_GPA -> {
                call.scratch[KIND] = MAP_GPA;
                yield mapGpa.start(shown(registers, Gpr.R12), shown(registers, Gpr.R13), registers, call);
            }
            case Tdcall.GET_INFO -> info(registers);
            case Tdcall.HLT -> result(registers, Tdcall.SUCCESS);
            case Tdcall.REPORT_FATAL_ERROR -> fatal(registers, call);
            case Tdcall.SETUP_EVENT_NOTIFY -> legal(registers,
                    shown(registers, Gpr.R12) >= FIRST_VECTOR && shown(registers, Gpr.R12) <= LAST_VECTOR);
            case Tdcall.REQUEST_MMIO -> isMmio(registers) ? standard(registers, call) : legal(registers, false);
            case Tdcall.IO -> isIo(registers) ? standard(registers, call) : legal(registers, false);
            case Tdcall.GET_QUOTE -> isQuote(registers) ? standard(registers, call) : legal(registers, false);
            case Tdcall.CPUID, Tdcall.RDMSR, Tdcall.WRMSR -> standard(registers, call);
            default -> result(registers, Tdcall.SUBFUNC_UNSUPPORTED);
        };
    }

    /// The host has answered a request of [#execute].
    long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        if (call.scratch[KIND] == MAP_GPA) {
            return mapGpa.answer(call, hostStatus, registers);
        }
        if (hostStatus < 0) {
            return result(registers,
                    Status.kind(hostStatus) == Status.RETRY ? Tdcall.RETRY : Tdcall.INVALID_OPERAND);
        }
        return call.scratch[KIND] == VENDOR ? result(registers, call.args[0])
                : result(registers, Tdcall.SUCCESS, call.args[0]);
    }

    private static long info(RegisterFile registers) {
        if (shown(registers, Gpr.R12) != 0) {
            return legal(registers, false);
        }
        for (int register = Gpr.R11; register <= Gpr.R14; register++) {
            tell(registers, register, 0);
        }
        return result(registers, Tdcall.SUCCESS);
    }

    private static long fatal(RegisterFile registers, GuestCall call) {
        call.request = GuestCall.SHUTDOWN;
        call.number = Tdcall.REPORT_FATAL_ERROR;
        call.args[0] = shown(registers, Gpr.R12);
        call.args[1] = shown(registers, Gpr.R13);
        return Status.REQUEST;
    }

    private boolean isMmio(RegisterFile registers) {
        return isSize(shown(registers, Gpr.R12), Long.BYTES) && shown(registers, Gpr.R13) >>> 1 == 0
                && (shown(registers, Gpr.R14) & sharedBit) != 0;
    }

    private static boolean isIo(RegisterFile registers) {
        return isSize(shown(registers, Gpr.R12), Integer.BYTES) && shown(registers, Gpr.R13) >>> 1 == 0;
    }

    private boolean isQuote(RegisterFile registers) {
        return Paging.isPageAligned(shown(registers, Gpr.R12)) && (shown(registers, Gpr.R12) & sharedBit) != 0
                && Paging.isPageAligned(shown(registers, Gpr.R13));
    }

    private static boolean isSize(long size, int most) {
        return size > 0 && size <= most && Long.bitCount(size) == 1;
    }

    private static long standard(RegisterFile registers, GuestCall call) {
        return toVmm(registers, call, shown(registers, Gpr.R11), STANDARD, Gpr.R12);
    }

    private static long toVmm(RegisterFile registers, GuestCall call, long number, int kind, int firstArgument) {
        if (!call.exitEnabled) {
            return result(registers, Tdcall.SUBFUNC_UNSUPPORTED);
        }
        call.scratch[KIND] = kind;
        call.request = GuestCall.HYPERCALL;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.number = number;
        for (int register = firstArgument; register <= Gpr.R15; register++) {
            call.args[register - firstArgument] = shown(registers, register);
        }
        return Status.REQUEST;
    }

    private static long legal(RegisterFile registers, boolean isLegal) {
        return result(registers, isLegal ? Tdcall.SUCCESS : Tdcall.INVALID_OPERAND);
    }

    /// Gives the guest R10.
    static long result(RegisterFile registers, long r10) {
        tell(registers, Gpr.R10, r10);
        return Status.OK;
    }

    /// Gives the guest R10 and R11.
    static long result(RegisterFile registers, long r10, long r11) {
        tell(registers, Gpr.R10, r10);
        tell(registers, Gpr.R11, r11);
        return Status.OK;
    }

    /// What the host sees of a register: 0 if the guest does not show it.
    private static long shown(RegisterFile registers, int register) {
        return isShown(registers, register) ? registers.get(register) : 0;
    }

    /// Writes a register that the guest lets the host write.
    private static void tell(RegisterFile registers, int register, long value) {
        if (isShown(registers, register)) {
            registers.set(register, value);
        }
    }

    private static boolean isShown(RegisterFile registers, int register) {
        return (registers.get(Gpr.RCX) >>> register & 1) != 0;
    }
}
