package com.example.enclosure;

import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// One vCPU: it admits what the engine maps, and knows one instruction.
final class ExampleVcpu implements VcpuBackend {
    /// Converts: register 0 = gpa, 1 = bytes, 2 = 1 for private; answers 0 or a code in register 0.
    static final int CONVERT = 1;

    private static final long PAGE_MASK = 4095;

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        // Nothing is kept per entry.
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        detail.gfn = gfn;
        detail.access = access;
        return leaf == Leaf.NONE ? Status.of(Status.FAULT) : leaf;
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        long gpa = registers.get(0);
        long bytes = registers.get(1);
        if (instruction != CONVERT) {
            call.detail.event = GuestEvent.ABORT;
            return Status.of(Status.TO_GUEST);
        }
        if (((gpa | bytes) & PAGE_MASK) != 0 || gpa < 0 || bytes <= 0) {
            registers.set(0, 1);
            return Status.OK;
        }
        call.request = GuestCall.CONVERT;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.gfn = gpa >>> 12;
        call.npages = bytes >>> 12;
        call.toPrivate = registers.get(2) != 0;
        return Status.REQUEST;
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        registers.set(0, hostStatus >= 0 ? 0 : Status.kind(hostStatus) == Status.RETRY ? 2 : 1);
        return Status.OK;
    }

    @Override
    public void close() {
        // Nothing to give back.
    }
}
