package org.enclosure.core.vcpu;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.Backoff;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// Guest instructions of one vCPU: `trap` until it is done, and the requests to the host that come of it.
///
/// `trap` and `answer` run inside of the access mark, so that the leaf or the window page that they were given cannot be taken
/// away while they look at it.
final class GuestInstructions {
    private final GuestCpuImpl cpu;
    private final GuestCall call;
    private final VcpuBackend backend;

    GuestInstructions(GuestCpuImpl cpu) {
        this.cpu = cpu;
        call = cpu.call;
        backend = cpu.backend;
    }

    void execute(int instruction, RegisterFile registers) {
        call.reset();
        call.exitEnabled = cpu.vm.takesRequests();
        for (int round = 0;; round++) {
            int outcome = cpu.attend();
            if (outcome == VcpuMemory.DONE) {
                long status = trap(instruction, registers);
                if (status >= 0) {
                    finish(status, registers);
                    call.reset(); // no later entry may deliver this call's answer again
                    return;
                }
                outcome = settle(status);
            }
            if (outcome == VcpuMemory.AGAIN) {
                Backoff.again(round);
            } else {
                cpu.act(outcome);
            }
        }
    }

    // ---- inside of the mark ---------------------------------------------------------------------------------------------

    private long trap(int instruction, RegisterFile registers) {
        cpu.openMark();
        try {
            call.windowPfn = GuestCall.NO_FRAME;
            call.leaf = Leaf.NONE;
            long status = backend.trap(instruction, registers, call);
            while (isNeed(status) && provide(status)) {
                status = backend.trap(instruction, registers, call);
            }
            return status;
        } finally {
            cpu.closeMark();
        }
    }

    private long answer(long hostStatus, RegisterFile registers) {
        cpu.openMark();
        try {
            call.windowPfn = GuestCall.NO_FRAME;
            long status = backend.answer(call, hostStatus, registers);
            while (isNeed(status) && provide(status)) {
                status = backend.answer(call, hostStatus, registers);
            }
            return status;
        } finally {
            cpu.closeMark();
        }
    }

    private static boolean isNeed(long status) {
        int kind = Status.kind(status);
        return kind == Status.NEED_LEAF || kind == Status.NEED_PAGE;
    }

    /// Gives the backend what it asked for, if it is there and was not there before.
    private boolean provide(long status) {
        long gfn = call.needGfn;
        cpu.vm.useWindow();
        if (cpu.domain().isInProgress(gfn)) {
            return false;
        }
        if (Status.kind(status) == Status.NEED_LEAF) {
            boolean again = call.leaf == Leaf.NONE;
            call.leaf = cpu.walk(gfn);
            return again && call.leaf != Leaf.NONE;
        }
        boolean again = call.windowPfn == GuestCall.NO_FRAME;
        call.windowPfn = sharedPage(gfn);
        return again && call.windowPfn != GuestCall.NO_FRAME;
    }

    private long sharedPage(long gfn) {
        SlotEntry slot = cpu.vm.slots().find(gfn);
        PageBacking half = slot == null || slot.isPrivate(gfn) ? null : slot.half(false);
        if (slot == null || half == null || slot.isWriteProtected(gfn)
                || half.object().isPoisoned(half.base() + gfn - slot.baseGfn())) {
            return GuestCall.NO_FRAME;
        }
        if (cpu.vm.dirty().isOn()) {
            cpu.vm.dirty().mark(cpu.vm.slots(), gfn, 1); // the backend may write what it is given
        }
        long word = half.folios().get(half.base() + gfn - slot.baseGfn());
        return word >= 0 && FolioMap.isZeroed(word) ? FolioMap.pfn(word) : GuestCall.NO_FRAME;
    }

    // ---- out of the mark ------------------------------------------------------------------------------------------------

    private int settle(long status) {
        if (isNeed(status)) {
            return bringIn(status, true);
        }
        int outcome = cpu.settle(status, call.detail);
        return outcome == VcpuMemory.MMIO ? noMemory(call.detail.gfn, call.detail.access) : outcome;
    }

    private int noMemory(long gfn, int access) {
        cpu.exit.memoryFault(gfn, access, Errno.EFAULT, "an instruction needs a page where there is no memory");
        return VcpuMemory.EXIT;
    }

    /// The page or leaf was not there: a fault for it, as an access of the guest would cause.
    private int bringIn(long status, boolean inGuest) {
        boolean leaf = Status.kind(status) == Status.NEED_LEAF;
        boolean isPrivate = leaf && (call.detail.access & Access.PRIVATE) != 0;
        int access = leaf ? call.detail.access | Access.READ : Access.READ | Access.WRITE;
        int level = leaf ? call.detail.wantedLevel : 0;
        int outcome = inGuest ? cpu.resolveFault(call.needGfn, access, level)
                : cpu.resolveOutside(call.needGfn, access, level);
        if (outcome == VcpuMemory.MMIO) {
            return noMemory(call.needGfn, isPrivate ? access : access & ~Access.PRIVATE);
        }
        return outcome;
    }

    private void finish(long status, RegisterFile registers) {
        if (Status.has(status, Status.STALE)) {
            cpu.domain().shootdown(call.detail.gfn, call.detail.gfn + call.detail.npages, cpu);
        }
        if (Status.has(status, Status.REQUEST)) {
            serve(registers);
        }
        if (Status.has(status, Status.FLUSH_TLB)) {
            cpu.dropAll();
        }
    }

    // ---- requests to the host -------------------------------------------------------------------------------------------

    private void serve(RegisterFile registers) {
        cpu.leaveFor(VcpuBackend.LEFT_CALL);
        long status = Status.REQUEST;
        for (int round = 0; Status.has(status, Status.REQUEST); round++) {
            long hostStatus = ask();
            status = answerUntilTaken(hostStatus, registers);
            if (Status.kind(hostStatus) == Status.RETRY && Status.has(status, Status.REQUEST)) {
                // The same again, because the host was busy: it delays itself, but it can still kick the vCPU.
                cpu.attendOutside();
                Backoff.pause(round);
            }
        }
        cpu.comeBack();
        if (status < 0) {
            int outcome = settle(status);
            if (outcome != VcpuMemory.AGAIN) {
                cpu.act(outcome);
            }
        }
    }

    /// The window page may have to be brought in between; the host has decided already.
    private long answerUntilTaken(long hostStatus, RegisterFile registers) {
        for (int round = 0;; round++) {
            long status = answer(hostStatus, registers);
            if (!isNeed(status) && Status.kind(status) != Status.RETRY) {
                return status;
            }
            if (isNeed(status) && bringIn(status, false) != VcpuMemory.AGAIN) {
                return Status.of(Status.TO_VMM, 0, 0);
            }
            Backoff.pause(round);
        }
    }

    /// Asks the VMM and the policy.
    ///
    /// @return the status for the backend
    private long ask() {
        return switch (call.request) {
            case GuestCall.CONVERT -> ConversionGate.status(cpu.reentry().convert());
            case GuestCall.HYPERCALL -> hypercall();
            case GuestCall.SHUTDOWN -> {
                cpu.exit.end(ExitReason.SHUTDOWN, "the guest ends itself");
                cpu.tellVmm();
                throw cpu.stopped();
            }
            default -> {
                cpu.exit.error(call.gfn, Errno.EIO, 0, call.detail,
                        cpu.vm.host().architecture() + " made request " + call.request + ", which is not known");
                cpu.tellVmm();
                throw cpu.stopped();
            }
        };
    }

    private long hypercall() {
        exitWith(ExitReason.HYPERCALL);
        if (!cpu.exit.isAnswered()) {
            return Status.of(Status.DENIED, 0, 0);
        }
        call.args[0] = cpu.exit.result();
        return Status.OK;
    }

    private void exitWith(ExitReason reason) {
        cpu.exit.request(reason, call);
        if (cpu.tellVmm() == ExitAction.STOP) {
            throw cpu.stopped();
        }
    }
}
