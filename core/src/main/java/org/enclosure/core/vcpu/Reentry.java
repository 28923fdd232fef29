package org.enclosure.core.vcpu;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.machine.PolicyChoices;
import org.enclosure.core.machine.PolicyChoices.Convert;
import org.enclosure.core.translation.Backoff;
import org.enclosure.spi.GuestCall;

/// The guest's requests for conversions, from the exit to the answer. Where the policy `convert` carries them out when the vCPU
/// enters again, this is what knows what the last exit was about (`docs/policies.md`; KVM mailing list, May 2025, "case 1",
/// "case 2 alternative 1" and "case 2 alternative 2").
final class Reentry {
    private static final long HELD = -Errno.EAGAIN.number();

    private final GuestCpuImpl cpu;
    private final GuestCall call;
    private final ConversionEngine engine;
    private final PolicyChoices policies;

    Reentry(GuestCpuImpl cpu, ConversionEngine engine) {
        this.cpu = cpu;
        call = cpu.call;
        this.engine = engine;
        policies = cpu.vm.policies();
    }

    // ---- by a call ------------------------------------------------------------------------------------------------------

    /// Asks the VMM, then the policy, and converts.
    ///
    /// @return 0 or a negative errno for the guest
    long convert() {
        if (call.toPrivate && policies.unmapsEarly()) {
            engine.deferred().unmap(view(), call, cpu);
        }
        boolean atEntry = policies.convert().isAtEntry();
        boolean answered = false;
        if (call.style != GuestCall.STYLE_NONE && call.exitEnabled && policies.exitsOnRequest()) {
            cpu.exit.request(reason(), call);
            answered = tell();
            // Without the policy, 0 says that the VMM has converted; tables with work of their own still do it.
            if (answered && (cpu.exit.result() != 0 || !atEntry && (call.flags & GuestCall.TABLE_WORK) == 0)) {
                return cpu.exit.result();
            }
        }
        boolean asksPolicy = !answered && (call.flags & GuestCall.MANDATORY) == 0;
        long result = request(asksPolicy);
        return atEntry && isHeld(result) ? whileHeld(result) : result;
    }

    private RequestView view() {
        return cpu.view().set(call.gfn << Paging.PAGE_SHIFT, call.npages << Paging.PAGE_SHIFT, call.toPrivate,
                ConversionOrigin.GUEST_CALL, cpu.index);
    }

    private long request(boolean asksPolicy) {
        return cpu.gate().request(cpu.view(), call.gfn << Paging.PAGE_SHIFT, call.npages << Paging.PAGE_SHIFT,
                call.toPrivate, ConversionOrigin.GUEST_CALL, cpu.index, asksPolicy, call, cpu);
    }

    private boolean isHeld(long result) {
        return result == HELD && cpu.view().isHeld();
    }

    private ExitReason reason() {
        return switch (call.style) {
            case GuestCall.STYLE_MEMORY_FAULT -> ExitReason.MEMORY_FAULT;
            case GuestCall.STYLE_UNSHARE -> ExitReason.UNSHARE;
            default -> ExitReason.HYPERCALL;
        };
    }

    /// Somebody holds a page of the range.
    private long whileHeld(long result) {
        Convert mode = policies.convert();
        if (mode == Convert.VCPU_1) {
            return result;
        }
        // An architecture that asks in the style UNSHARE answers its guest before its tables change.
        boolean mayWait = call.style == GuestCall.STYLE_UNSHARE || (call.flags & GuestCall.TABLE_WORK) == 0;
        return call.toPrivate && mode.isDeferred() && mayWait ? defer()
                : exitUntilFree(result);
    }

    private long defer() {
        try {
            engine.deferred().defer(view(), call, cpu);
            return 0;
        } catch (GuestMemoryException e) {
            return -e.errno().number();
        }
    }

    private long exitUntilFree(long first) {
        ExitReason again = call.style == GuestCall.STYLE_UNSHARE || call.style == GuestCall.STYLE_NONE
                ? ExitReason.UNSHARE : ExitReason.MEMORY_FAULT;
        long result = first;
        for (int round = 0; isHeld(result); round++) {
            RequestView view = cpu.view();
            cpu.exit.pinned(again, view.gpa(), view.bytes(), view.errorOffset(), view.holders());
            if (tell() && cpu.exit.result() != 0) {
                return cpu.exit.result();
            }
            cpu.attendOutside();
            Backoff.pause(round);
            result = request(false);
        }
        return result;
    }

    /// @return whether the handler has answered
    private boolean tell() {
        if (cpu.tellVmm() == ExitAction.STOP) {
            throw cpu.stopped();
        }
        return cpu.exit.isAnswered();
    }

    // ---- by an access ---------------------------------------------------------------------------------------------------

    /// Converts because an access in the other kind showed that the guest wants it.
    ///
    /// @return 0, or a negative errno: the access cannot be done
    long convertOnFault(long gpa, boolean toPrivate) {
        long result = fault(gpa, toPrivate, true);
        for (int round = 0; isHeld(result) && policies.convert().compareTo(Convert.VCPU_2A) >= 0; round++) {
            RequestView view = cpu.view();
            cpu.exit.pinned(ExitReason.MEMORY_FAULT, gpa, Paging.PAGE_SIZE, view.errorOffset(), view.holders());
            if (tell() && cpu.exit.result() != 0) {
                return cpu.exit.result();
            }
            cpu.attendOutside();
            Backoff.pause(round);
            result = fault(gpa, toPrivate, false);
        }
        return result;
    }

    private long fault(long gpa, boolean toPrivate, boolean asksPolicy) {
        return cpu.gate().request(cpu.view(), gpa, Paging.PAGE_SIZE, toPrivate, ConversionOrigin.FAULT, cpu.index,
                asksPolicy, null, cpu);
    }
}
