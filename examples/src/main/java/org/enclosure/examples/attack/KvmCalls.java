package org.enclosure.examples.attack;

import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;

/// The hypercalls of the built-in platform `software`, which are KVM's on x86: number in register 0, arguments in 1 to 4, result
/// in 0; MAP_GPA_RANGE takes gpa, pages and attributes, of which bit 4 says private and those from 5 on are reserved.
final class KvmCalls implements RawCalls {
    private static final int HYPERCALL = 1;
    private static final long PRIVATE = 1 << 4;
    private static final long RESERVED = 1 << 5;

    @Override
    public long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate) {
        return call(cpu, VmExit.MAP_GPA_RANGE, gpa, pages, toPrivate ? PRIVATE : 0);
    }

    @Override
    public long convertWithReservedBits(GuestCpu cpu, long gpa) {
        return call(cpu, VmExit.MAP_GPA_RANGE, gpa, 1, RESERVED);
    }

    @Override
    public long unknownCall(GuestCpu cpu, long number) {
        return call(cpu, number, 0, 0, 0);
    }

    private static long call(GuestCpu cpu, long number, long first, long second, long third) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, number);
        registers.set(1, first);
        registers.set(2, second);
        registers.set(3, third);
        cpu.execute(HYPERCALL, registers);
        return registers.get(0);
    }
}
