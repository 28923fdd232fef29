package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.machine.GuestInstructions;
import org.enclosure.snp.machine.Outcome;
import org.enclosure.snp.machine.RmpCode;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;

/// The instructions that a guest executes on its own pages: each needs the leaf of the page first; a page that is not there or not
/// this guest's is a fault, and the instruction is executed again.
final class RmpInstructions {
    private static final long TARGET_MASK = 0xff;
    private static final int MASK_SHIFT = 8;
    private static final int VMSA_SHIFT = 16;

    private final GuestInstructions instructions;
    private final long asid;
    private final long[] found = new long[3];

    RmpInstructions(SnpMachine machine, long asid) {
        instructions = machine.guest();
        this.asid = asid;
    }

    long pvalidate(RegisterFile registers, GuestCall call) {
        long gpa = registers.get(Abi.RAX) & ~Paging.PAGE_MASK;
        boolean large = (registers.get(Abi.RCX) & 1) != 0;
        long status = prepare(gpa, large, registers, call);
        if (status != Status.OK) {
            return status;
        }
        boolean validate = (registers.get(Abi.RDX) & 1) != 0;
        long outcome = instructions.pvalidate(asid, gpa, address(gpa, call), large, validate);
        status = result(outcome, gpa, large, registers, call);
        boolean isRescinded = status == Status.OK && outcome == Outcome.OK && !validate;
        if (isRescinded) {
            call.detail.gfn = gpa >>> Paging.PAGE_SHIFT;
            call.detail.npages = large ? Paging.PAGES_PER_2M : 1;
        }
        return isRescinded ? Status.STALE : status;
    }

    long rmpadjust(RegisterFile registers, GuestCall call) {
        long gpa = registers.get(Abi.RAX) & ~Paging.PAGE_MASK;
        boolean large = (registers.get(Abi.RCX) & 1) != 0;
        long status = prepare(gpa, large, registers, call);
        if (status != Status.OK) {
            return status;
        }
        long operand = registers.get(Abi.RDX);
        long outcome = instructions.rmpadjust(asid, 0, gpa, address(gpa, call), large, (int) (operand & TARGET_MASK),
                operand >>> MASK_SHIFT & TARGET_MASK, (operand >>> VMSA_SHIFT & 1) != 0);
        return result(outcome, gpa, large, registers, call);
    }

    long rmpquery(RegisterFile registers, GuestCall call) {
        long gpa = registers.get(Abi.RAX) & ~Paging.PAGE_MASK;
        long status = prepare(gpa, false, registers, call);
        if (status != Status.OK) {
            return status;
        }
        long target = registers.get(Abi.RDX) & TARGET_MASK;
        long outcome = instructions.rmpquery(asid, 0, gpa, address(gpa, call), (int) target, found);
        if (outcome == Outcome.OK) {
            registers.set(Abi.RCX, found[2]);
            registers.set(Abi.RDX, target | found[0] << MASK_SHIFT | found[1] << VMSA_SHIFT);
        }
        return result(outcome, gpa, false, registers, call);
    }

    /// OK with the leaf in the call, or what has to happen first.
    private static long prepare(long gpa, boolean large, RegisterFile registers, GuestCall call) {
        if (registers.get(Abi.CPL) != 0) {
            return VcpuFaults.exception(VcpuFaults.GENERAL_PROTECTION, 0, call.detail);
        }
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        if (gfn >= SnpTypes.FORMAT.gfnLimit()) {
            return VcpuFaults.exception(VcpuFaults.PAGE_FAULT, gpa, call.detail);
        }
        if (large && !Paging.isAligned(gfn, Paging.LEVEL_2M) || call.leaf != Leaf.NONE) {
            return Status.OK; // what is not aligned fails before the page is looked at
        }
        call.needGfn = gfn;
        VcpuFaults.fault(gfn, Access.WRITE | Access.PRIVATE, large ? Paging.LEVEL_2M : Paging.LEVEL_4K, call.detail);
        return Status.of(Status.NEED_LEAF);
    }

    private static long address(long gpa, GuestCall call) {
        return call.leaf == Leaf.NONE ? 0 : Leaf.pfn(call.leaf, gpa >>> Paging.PAGE_SHIFT) << Paging.PAGE_SHIFT;
    }

    private static long result(long outcome, long gpa, boolean large, RegisterFile registers, GuestCall call) {
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        return switch (Outcome.kind(outcome)) {
            case Outcome.DONE -> done(outcome, registers);
            case Outcome.VC -> {
                call.detail.gfn = gfn;
                call.detail.event = GuestEvent.UNACCEPTED;
                call.detail.code = Outcome.payload(outcome);
                yield Status.of(Status.TO_GUEST, 0, VcpuFaults.VMM_COMMUNICATION);
            }
            default -> {
                call.detail.code = Outcome.payload(outcome);
                VcpuFaults.fault(gfn, Access.WRITE | Access.PRIVATE, large ? Paging.LEVEL_2M : Paging.LEVEL_4K,
                        call.detail);
                yield (Outcome.payload(outcome) & FaultBits.SIZEM) != 0 ? Status.of(Status.SPLIT, Paging.LEVEL_4K, 0)
                        : Status.of(Status.FAULT);
            }
        };
    }

    /// Another CPU that changes an entry nearby makes hardware only take longer.
    private static long done(long outcome, RegisterFile registers) {
        if (Outcome.eax(outcome) == RmpCode.FAIL_INUSE) {
            return Status.of(Status.RETRY);
        }
        registers.set(Abi.RAX, Outcome.eax(outcome));
        long flags = registers.get(Abi.RFLAGS) & ~Abi.CF;
        registers.set(Abi.RFLAGS, Outcome.carry(outcome) ? flags | Abi.CF : flags);
        return Status.OK;
    }
}
