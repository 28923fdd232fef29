package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.machine.AccessCheck;
import org.enclosure.snp.machine.Outcome;
import org.enclosure.snp.machine.RmpCode;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.machine.VcpuPages;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.PageState;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;

/// A vCPU of an SNP guest at VMPL 0: its translations are the engine's, each is checked against the RMP before it is used.
final class SnpVcpu implements VcpuBackend {
    private static final int LAUNCHING = 1;
    private static final long EXIT_VMMCALL = 0x81;

    private final SnpVm vm;
    private final SnpMachine machine;
    private final FrameCache frames;
    private final long statePage;
    /// Of the machine and of the VM, held here because every fill of a TLB needs them.
    private final AccessCheck check;
    private final long plainOwner;
    private final long asid;
    private final RmpInstructions instructions;
    private final GhcbExits exits;
    /// The page with the state that the next entry uses: the vCPU's own, or one that another vCPU made for it.
    private volatile long running; // ORDERING: written by the vCPU that creates this one, partner enter
    private long inUse = -1;

    SnpVcpu(SnpVm vm, VcpuContext context) {
        this.vm = vm;
        machine = vm.machine;
        check = machine.access();
        asid = vm.asid;
        plainOwner = AccessCheck.plainOwner(asid);
        frames = context.frames();
        if (frames.size() == 0) {
            throw new IllegalArgumentException("a vCPU of type snp needs 1 frame for its state and was given none");
        }
        statePage = takePage(frames);
        running = statePage;
        instructions = new RmpInstructions(machine, asid);
        exits = new GhcbExits(machine.memory(), GhcbExits.SNP, new ApCreation(vm));
    }

    /// A page for the state of a vCPU is never the first of a 2M region: processors of these generations take a fault wrongly there.
    private static long takePage(FrameCache frames) {
        long first = frames.pop();
        if (!Paging.isAligned(first, Paging.LEVEL_2M) || frames.size() == 0) {
            return first << Paging.PAGE_SHIFT;
        }
        long second = frames.pop();
        frames.push(first);
        return second << Paging.PAGE_SHIFT;
    }

    /// The system address of the page that the host gave this vCPU for its state.
    long statePage() {
        return statePage;
    }

    /// The next entry uses another page; its entry in the RMP is looked at then.
    void runWith(long page) {
        running = page;
    }

    /// VMRUN: the page with the state is this guest's, valid, a VMSA, not immutable; it is in use from now on.
    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        long page = running;
        if (page == statePage && PageState.of(lo(page)) == PageState.HYPERVISOR
                && machine.processor().state(vm.context) == LAUNCHING && !SnpLaunch.loadUnlaunched(vm, page)) {
            return Status.of(Status.VM_DEAD);
        }
        long outcome = vmrun(page);
        if (outcome != Outcome.OK) {
            return Status.of(Status.VM_DEAD);
        }
        inUse = page;
        return Status.OK;
    }

    /// A change nearby is over at once.
    private long vmrun(long page) {
        long outcome = machine.vcpus().vmrun(asid, VcpuPages.NOT_COVERED, page);
        for (int tries = 0; outcome == RmpCode.FAIL_INUSE && tries < Settled.TRIES; tries++) {
            Settled.pause(tries);
            outcome = machine.vcpus().vmrun(asid, VcpuPages.NOT_COVERED, page);
        }
        return outcome;
    }

    private void free(long page) {
        int code = machine.vcpus().use(page, false);
        for (int tries = 0; code == RmpCode.FAIL_INUSE && tries < Settled.TRIES; tries++) {
            Settled.pause(tries);
            code = machine.vcpus().use(page, false);
        }
    }

    private long lo(long page) {
        return machine.rmp().lo(page >>> Paging.PAGE_SHIFT);
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        long page = inUse;
        if (page >= 0) {
            inUse = -1;
            free(page);
        }
    }

    /// The checks of AMD APM volume 2, table 15-39: what fails goes to the host as a fault, a page that is not validated to the guest.
    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        if ((access & Access.PRIVATE) != 0 && Leaf.level(leaf) == Paging.LEVEL_4K
                && check.isPlain(plainOwner, gfn << Paging.PAGE_SHIFT, Leaf.pfn(leaf))) {
            return VcpuFaults.permitted(leaf, gfn, access, detail);
        }
        if (leaf == Leaf.NONE) {
            return VcpuFaults.fault(gfn, access, 0, detail);
        }
        long pfn = Leaf.pfn(leaf, gfn);
        boolean large = Leaf.level(leaf) == Paging.LEVEL_2M;
        if ((access & Access.PRIVATE) == 0) {
            return admitShared(gfn, leaf, pfn, large, access, detail);
        }
        long outcome = check.guestPrivate(asid, 0, gfn << Paging.PAGE_SHIFT, pfn << Paging.PAGE_SHIFT,
                large, permissions(access));
        return outcome == Outcome.OK ? VcpuFaults.permitted(leaf, gfn, access, detail)
                : refused(outcome, gfn, pfn, access, detail);
    }

    /// A shared read of a page that is assigned would show ciphertext; here it is a fault like a write.
    private long admitShared(long gfn, long leaf, long pfn, boolean large, int access, FaultDetail detail) {
        long spa = pfn << Paging.PAGE_SHIFT;
        if (large && check.isHypervisor(spa, true)) {
            return VcpuFaults.permitted(leaf, gfn, access, detail);
        }
        if (check.isHypervisor(spa, false)) {
            return VcpuFaults.permitted(Leaf.of(pfn, Paging.LEVEL_4K, Leaf.permissions(leaf)), gfn, access, detail);
        }
        detail.pfn = pfn;
        detail.code = AccessCheck.exitInfo(Outcome.of(Outcome.NPF, FaultBits.RMP), permissions(access));
        return VcpuFaults.fault(gfn, access, 0, detail);
    }

    private static long refused(long outcome, long gfn, long pfn, int access, FaultDetail detail) {
        detail.gfn = gfn;
        detail.pfn = pfn;
        if (Outcome.kind(outcome) == Outcome.VC) {
            detail.event = GuestEvent.UNACCEPTED;
            detail.code = Outcome.payload(outcome);
            return Status.of(Status.TO_GUEST, 0, VcpuFaults.VMM_COMMUNICATION);
        }
        detail.code = AccessCheck.exitInfo(outcome, permissions(access));
        if ((Outcome.payload(outcome) & FaultBits.SIZEM) != 0) {
            return Status.of(Status.SPLIT, Paging.LEVEL_4K, 0);
        }
        return VcpuFaults.fault(gfn, access, 0, detail);
    }

    private static int permissions(int access) {
        return access & (Access.READ | Access.WRITE)
                | ((access & Access.EXECUTE) != 0 ? AccessCheck.EXECUTE_SUPERVISOR : 0);
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        return switch (instruction) {
            case Abi.PVALIDATE -> instructions.pvalidate(registers, call);
            case Abi.RMPADJUST -> instructions.rmpadjust(registers, call);
            case Abi.RMPQUERY -> instructions.rmpquery(registers, call);
            case Abi.VMGEXIT -> exits.vmgexit(call);
            case Abi.WRMSR -> exits.wrmsr(registers, call);
            case Abi.RDMSR -> exits.rdmsr(registers, call);
            case Abi.VMMCALL -> VcpuFaults.exception(VcpuFaults.VMM_COMMUNICATION, EXIT_VMMCALL, call.detail);
            default -> VcpuFaults.exception(VcpuFaults.INVALID_OPCODE, instruction, call.detail);
        };
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        return exits.answer(call, hostStatus);
    }

    @Override
    public void close() {
        leave(LEFT_STOP, new FaultDetail());
        if (SnpVm.giveBack(machine, statePage)) {
            frames.push(statePage >>> Paging.PAGE_SHIFT);
        }
    }
}
