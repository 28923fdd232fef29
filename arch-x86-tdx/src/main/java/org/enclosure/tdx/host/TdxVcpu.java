package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.tdx.machine.GuestLeaves;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.Gpr;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Qualification;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;

/// One vCPU of a TD.
final class TdxVcpu implements VcpuBackend {
    private static final int BUSY_ROUNDS = 10_000;
    private static final long NO_REGION = -1;

    private final TdxModule module;
    private final long td;
    private final long gfnLimit;
    private final int gpaw;
    private final int index;
    private final VcpuPages pages;
    private final VmCalls calls;
    private final VeInfo veInfo = new VeInfo();
    private final LeafCall call = new LeafCall();
    /// The paging-structure cache of the last 2M: its table of 4K entries, as a CPU keeps it until a TLB flush.
    private long region = NO_REGION;
    private long regionTable;
    /// Set by whoever kicks, read by the vCPU at its next entry; the engine's state word orders the two.
    private boolean dropsRegion;

    /// Creates a vCPU; legal until the measurement is finalised.
    TdxVcpu(TdxModule module, ControlPages td, TdSettings settings, VcpuContext context) {
        this.module = module;
        this.td = td.td();
        gpaw = settings.gpaw();
        gfnLimit = PageInfo.sharedBit(gpaw) >>> Paging.PAGE_SHIFT;
        index = context.index();
        calls = new VmCalls(settings);
        pages = VcpuPages.create(module, td, context);
    }

    // ---- entry and exit -------------------------------------------------------------------------------------------------

    @Override
    public long enter(GuestCall answered, FaultDetail detail) {
        if (!module.control().isUsable(td)) {
            return Status.of(Status.VM_DEAD);
        }
        if (module.control().opState(td) == OpState.INITIALIZED && !finalizeTd()) {
            return Status.of(Status.DENIED);
        }
        boolean isNew = module.epochs().enter(td, index);
        if (isNew || dropsRegion) {
            dropsRegion = false;
            region = NO_REGION;
        }
        return isNew ? Status.FLUSH_TLB : Status.OK;
    }

    /// The first entry ends the measurement where no launch did, or where there was no vCPU yet when it did.
    @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing depends on it
    private boolean finalizeTd() {
        for (int round = 0; round < BUSY_ROUNDS; round++) {
            module.data().finalizeTd(td, call);
            if (module.control().opState(td) == OpState.RUNNABLE) {
                return true;
            }
            Thread.yield(); // whoever holds the lock may wait for a processor
        }
        return false;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        dropsRegion |= reason == LEFT_KICK;
        module.epochs().exit(td, index);
    }

    // ---- accesses -------------------------------------------------------------------------------------------------------

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        if ((access & Access.PRIVATE) == 0) {
            boolean isPermitted = leaf != Leaf.NONE && (access & Leaf.ALL & ~Leaf.permissions(leaf)) == 0;
            return isPermitted ? leaf : fault(gfn, access, 0, detail);
        }
        if (gfn >= gfnLimit || gfn < 0) {
            return event(GuestEvent.FAULT, gfn, access, detail);
        }
        if (module.control().isFatal(td)) {
            return machineCheck(gfn, FaultDetail.NOBODY, access, detail);
        }
        int level = 0;
        long entry;
        if (gfn >>> 9 == region) {
            entry = module.sept().raw(regionTable + (gfn & 0x1ff) * Long.BYTES);
        } else {
            module.sept().walk(td, gfn << Paging.PAGE_SHIFT, 0, call);
            entry = call.entry;
            level = call.level;
            if (level == 0) {
                region = gfn >>> 9;
                regionTable = call.entryPa & -PageInfo.size(0);
            }
        }
        int permissions = SeptEntry.permissions(entry);
        if (!SeptEntry.isLeaf(entry) || (access & Leaf.ALL & ~permissions) != 0) {
            return violation(gfn, entry, access, detail);
        }
        long found = Leaf.of(SeptEntry.hpa(entry, level) >>> Paging.PAGE_SHIFT, level + 1, permissions);
        return module.lines().isPoisoned(Leaf.pfn(found, gfn) << Paging.PAGE_SHIFT)
                ? machineCheck(gfn, Leaf.pfn(found, gfn), access, detail)
                : found;
    }

    /// The guest consumes a page that the host has written to: the TD is lost.
    private long machineCheck(long gfn, long pfn, int access, FaultDetail detail) {
        module.control().kill(td);
        detail.gfn = gfn;
        detail.pfn = pfn;
        detail.access = access;
        detail.code = TdxStatus.NON_RECOVERABLE_TD;
        return Status.of(Status.VM_DEAD);
    }

    private long violation(long gfn, long entry, int access, FaultDetail detail) {
        if (!SeptEntry.state(entry).isAcceptable()) {
            return fault(gfn, access, 0, detail);
        }
        int outcome = module.guest().access(td, gfn << Paging.PAGE_SHIFT, access & Leaf.ALL, call);
        if (outcome == GuestLeaves.VIRTUALIZATION_EXCEPTION) {
            veInfo.set(gfn << Paging.PAGE_SHIFT, access);
            return event(GuestEvent.UNACCEPTED, gfn, access, detail);
        }
        if (Qualification.type(call.qualification) == Qualification.PENDING) {
            module.control().kill(td); // KVM ends a TD that touches a page which is pending while #VE is off
            detail.gfn = gfn;
            detail.access = access;
            detail.code = call.qualification;
            return Status.of(Status.VM_DEAD);
        }
        return fault(gfn, access, 0, detail);
    }

    private static long event(int event, long gfn, int access, FaultDetail detail) {
        detail.event = event;
        detail.gfn = gfn;
        detail.access = access;
        return Status.of(Status.TO_GUEST);
    }

    private static long fault(long gfn, int access, int wantedLevel, FaultDetail detail) {
        detail.gfn = gfn;
        detail.access = access;
        detail.wantedLevel = wantedLevel;
        return Status.of(Status.FAULT);
    }

    // ---- instructions ---------------------------------------------------------------------------------------------------

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall guestCall) {
        if (instruction != Tdcall.INSTRUCTION) {
            guestCall.detail.code = instruction;
            return event(GuestEvent.ABORT, 0, 0, guestCall.detail);
        }
        long rax = registers.get(Gpr.RAX);
        if (rax >>> 16 != 0) {
            return unknown(registers);
        }
        return switch ((int) rax) {
            case Tdcall.VP_VMCALL -> calls.execute(registers, guestCall);
            case Tdcall.VP_INFO -> info(registers);
            case Tdcall.VP_VEINFO_GET -> veInfo.get(registers);
            case Tdcall.MEM_PAGE_ACCEPT -> accept(registers, guestCall);
            default -> unknown(registers);
        };
    }

    private static long unknown(RegisterFile registers) {
        registers.set(Gpr.RAX, TdxStatus.OPERAND_INVALID);
        return Status.OK;
    }

    private long info(RegisterFile registers) {
        registers.set(Gpr.RAX, TdxStatus.SUCCESS);
        registers.set(Gpr.RCX, gpaw);
        registers.set(Gpr.RDX, module.control().attributes(td));
        return Status.OK;
    }

    private long accept(RegisterFile registers, GuestCall guestCall) {
        long operand = registers.get(Gpr.RCX);
        long status = module.guest().accept(td, operand, call);
        if (!call.exits) {
            registers.set(Gpr.RAX, status);
            return Status.OK;
        }
        int wanted = PageInfo.level(operand);
        long gfn = call.gpa >>> Paging.PAGE_SHIFT;
        if (call.level > wanted && SeptEntry.state(call.entry) == SeptState.PENDING) {
            guestCall.detail.gfn = gfn;
            return Status.of(Status.SPLIT, wanted + 1, 0);
        }
        return fault(gfn, Access.WRITE | Access.PRIVATE, wanted + 1, guestCall.detail);
    }

    @Override
    public long answer(GuestCall guestCall, long hostStatus, RegisterFile registers) {
        return calls.answer(guestCall, hostStatus, registers);
    }

    @Override
    public void close() {
        pages.close();
    }
}
