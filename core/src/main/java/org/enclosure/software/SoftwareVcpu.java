package org.enclosure.software;

import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// One vCPU: the engine's leaf is good as it is, and there are two instructions, the hypercall and the question for features.
final class SoftwareVcpu implements VcpuBackend {
    private final boolean hasPrivate;
    private final SoftwareOptions options;

    /// Creates a vCPU of a VM with or without private memory.
    SoftwareVcpu(boolean hasPrivate, SoftwareOptions options) {
        this.hasPrivate = hasPrivate;
        this.options = options;
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        // There is no exit record to write.
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        // The permissions of a leaf and of an access are the same bits.
        if (leaf != Leaf.NONE && (access & Leaf.ALL & ~Leaf.permissions(leaf)) == 0) {
            return leaf;
        }
        detail.gfn = gfn;
        detail.access = access;
        detail.level = Leaf.level(leaf);
        return Status.of(Status.FAULT);
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        if (instruction == SoftwareProvider.FEATURES) {
            registers.set(Hypercall.RAX, options.features());
            return Status.OK;
        }
        if (instruction != SoftwareProvider.HYPERCALL) {
            call.detail.event = GuestEvent.ABORT;
            call.detail.code = instruction;
            return Status.of(Status.TO_GUEST);
        }
        return Hypercall.decode(registers, call, hasPrivate, options.style());
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        Hypercall.answer(call, hostStatus, registers);
        return Status.OK;
    }

    @Override
    public void close() {
        // There is no frame to give back.
    }
}
