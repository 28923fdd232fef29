package org.enclosure.examples.attack;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;

/// KVM's hypercalls by VMMCALL, as an SEV guest makes them: number in RAX, arguments in RBX, RCX, RDX, result in RAX.
final class SevCalls implements RawCalls {
    private static final int VMMCALL = 7;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;
    private static final long MAP_GPA_RANGE = 12;
    private static final long ENCRYPTED = 1 << 4;
    private static final long RESERVED = 1 << 5;

    @Override
    public long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate) {
        return call(cpu, MAP_GPA_RANGE, gpa, pages, toPrivate ? ENCRYPTED : 0);
    }

    @Override
    public long convertWithReservedBits(GuestCpu cpu, long gpa) {
        return call(cpu, MAP_GPA_RANGE, gpa, 1, RESERVED);
    }

    @Override
    public long unknownCall(GuestCpu cpu, long number) {
        return call(cpu, number, 0, 0, 0);
    }

    private static long call(GuestCpu cpu, long number, long first, long second, long third) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(RAX, number);
        registers.set(RBX, first);
        registers.set(RCX, second);
        registers.set(RDX, third);
        cpu.execute(VMMCALL, registers);
        return registers.get(RAX);
    }
}
