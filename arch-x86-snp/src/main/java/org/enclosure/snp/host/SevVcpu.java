package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.machine.KeyTable;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.Abi;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// A vCPU of an SEV or SEV-ES guest. VMMCALL is a hypercall; for an SEV-ES guest it stands for its #VC handler, too, which would carry
/// the call through the GHCB, and VMGEXIT takes the same event there.
final class SevVcpu implements VcpuBackend {
    private final KeyTable keys;
    private final int asid;
    private final boolean es;
    private final GhcbExits exits;
    private final Hypercalls hypercalls = new Hypercalls();

    SevVcpu(SnpMachine machine, int asid, boolean es) {
        keys = machine.keys();
        this.asid = asid;
        this.es = es;
        exits = new GhcbExits(machine.memory(), GhcbExits.ES, null);
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        // No page holds state that others could change.
    }

    /// A page under another key, or a shared access to one under a key, goes to the host, which refuses or takes the key away:
    /// what hardware would show is not plaintext. A private page that the host has written is looked at with the key again.
    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        if (leaf == Leaf.NONE) {
            return VcpuFaults.fault(gfn, access, 0, detail);
        }
        long pfn = Leaf.pfn(leaf, gfn);
        boolean isRight = (access & Access.PRIVATE) != 0 ? keys.isFor(pfn, asid, gfn)
                : keys.key(pfn) == KeyTable.NONE;
        if (!isRight) {
            return VcpuFaults.fault(gfn, access, 0, detail);
        }
        return keys.lookAgain(pfn)
                ? VcpuFaults.permitted(Leaf.of(pfn, Paging.LEVEL_4K, Leaf.permissions(leaf)), gfn, access, detail)
                : Status.of(Status.RETRY);
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        if (instruction == Abi.VMMCALL) {
            long result = hypercalls.begin(registers.get(Abi.RAX), registers.get(Abi.RBX), registers.get(Abi.RCX),
                    registers.get(Abi.RDX), registers.get(Abi.CPL), call);
            if (result == Hypercalls.REQUESTED) {
                return Status.REQUEST;
            }
            registers.set(Abi.RAX, result);
            return Status.OK;
        }
        if (!es) {
            return VcpuFaults.exception(VcpuFaults.INVALID_OPCODE, instruction, call.detail);
        }
        return switch (instruction) {
            case Abi.VMGEXIT -> exits.vmgexit(call);
            case Abi.WRMSR -> exits.wrmsr(registers, call);
            case Abi.RDMSR -> exits.rdmsr(registers, call);
            default -> VcpuFaults.exception(VcpuFaults.INVALID_OPCODE, instruction, call.detail);
        };
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        if (GhcbExits.isUnderWay(call)) {
            return exits.answer(call, hostStatus);
        }
        registers.set(Abi.RAX, hypercalls.result(call, hostStatus));
        return Status.OK;
    }

    @Override
    public void close() {
        // A vCPU has no frame of its own.
    }
}
