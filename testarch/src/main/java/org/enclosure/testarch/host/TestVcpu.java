package org.enclosure.testarch.host;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.testarch.machine.TestMachine;
import org.enclosure.testarch.wire.Abi;

/// What vCPUs of all types have in common: which instruction goes where.
abstract class TestVcpu implements VcpuBackend {
    final TestMachine machine;
    private final HostCalls calls;

    TestVcpu(TestMachine machine, long gfnLimit) {
        this.machine = machine;
        calls = new HostCalls(machine.memory(), gfnLimit);
    }

    /// ACCEPT of an aligned page in range.
    abstract long accept(long gfn, int level, boolean accepted, RegisterFile registers, GuestCall call);

    @Override
    public final long trap(int instruction, RegisterFile registers, GuestCall call) {
        return switch (instruction) {
            case Abi.CALL -> calls.call(registers, call);
            case Abi.BATCH -> calls.batch(registers, call);
            case Abi.ACCEPT -> checkedAccept(registers, call);
            default -> {
                call.detail.event = GuestEvent.ABORT;
                call.detail.code = instruction;
                yield Status.of(Status.TO_GUEST);
            }
        };
    }

    @Override
    public final long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        return calls.answer(call, hostStatus, registers);
    }

    @Override
    public void close() {
        // A vCPU has no frame of its own.
    }

    static long fault(long gfn, int access, int wantedLevel, FaultDetail detail) {
        detail.gfn = gfn;
        detail.access = access;
        detail.wantedLevel = wantedLevel;
        return Status.of(Status.FAULT);
    }

    /// The leaf if it permits the access, else a fault.
    static long permitted(long leaf, long gfn, int access, FaultDetail detail) {
        // The permissions of a leaf and of an access are the same bits.
        return (access & Leaf.ALL & ~Leaf.permissions(leaf)) == 0 ? leaf : fault(gfn, access, 0, detail);
    }

    static long result(RegisterFile registers, long code, long info) {
        registers.set(0, code);
        registers.set(1, info);
        return Status.OK;
    }

    private long checkedAccept(RegisterFile registers, GuestCall call) {
        long gpa = registers.get(1);
        long level = registers.get(2);
        boolean isLegal = Paging.isPageAligned(gpa) && (level == Paging.LEVEL_4K || level == Paging.LEVEL_2M)
                && registers.get(3) >>> 1 == 0;
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        if (!isLegal || gfn >= calls.gfnLimit() || !Paging.isAligned(gfn, (int) level)) {
            return result(registers, Abi.BAD_OPERAND, 0);
        }
        return accept(gfn, (int) level, registers.get(3) == 1, registers, call);
    }
}
