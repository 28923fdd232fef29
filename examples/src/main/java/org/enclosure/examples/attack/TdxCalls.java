package org.enclosure.examples.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.examples.guest.MemoryMap;

/// The calls of a TDX guest past its driver: TDCALL leaf 0 reaches the host (R11 = 0x10001: MapGPA of R12, R13 bytes; answer in
/// R10), leaf 6 accepts the page in RCX (answer in RAX). Registers have their numbers in the instruction encoding.
final class TdxCalls implements RawCalls {
    private static final int TDCALL = 1;
    private static final long ACCEPT = 6;
    private static final long SHOW_ALL = 0xffcc;
    private static final long MAP_GPA = 0x10001;
    private static final long BEYOND_THE_WIDTH = 1L << 52;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int R10 = 10;
    private static final int R11 = 11;
    private static final int R12 = 12;
    private static final int R13 = 13;

    /// The attacks of a TDX guest.
    static List<Attack> attacks() {
        List<Attack> attacks = new ArrayList<>(CallAttacks.of(new TdxCalls()));
        attacks.add(GuestAttack.of(AttackNames.BAD_ACCEPT, TdxCalls::badAccept));
        return attacks;
    }

    @Override
    public long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate) {
        return call(cpu, MAP_GPA, toPrivate ? gpa : gpa | cpu.address(0, false), pages << Paging.PAGE_SHIFT);
    }

    /// MapGPA has no reserved bits but those of the address.
    @Override
    public long convertWithReservedBits(GuestCpu cpu, long gpa) {
        return call(cpu, MAP_GPA, gpa | BEYOND_THE_WIDTH, Paging.PAGE_SIZE);
    }

    @Override
    public long unknownCall(GuestCpu cpu, long number) {
        return call(cpu, number, 0, 0);
    }

    /// Accepts what cannot be accepted: 1G pages, unaligned pages, reserved bits, shared addresses, addresses that there are not.
    static void badAccept(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        long[] operands = {MemoryMap.WINDOW | 2, MemoryMap.WINDOW + Paging.PAGE_SIZE | 1, MemoryMap.WINDOW | 7,
                MemoryMap.WINDOW | 8, MemoryMap.WINDOW | 0x800, cpu.address(MemoryMap.WINDOW, false),
                MemoryMap.WINDOW | BEYOND_THE_WIDTH, -Paging.PAGE_SIZE};
        for (long operand : operands) {
            tally.count();
            RegisterFile registers = cpu.registers();
            registers.clear();
            registers.set(RAX, ACCEPT);
            registers.set(RCX, operand);
            cpu.execute(TDCALL, registers);
            answer.accept(registers.get(RAX));
        }
    }

    private static long call(GuestCpu cpu, long function, long r12, long r13) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(RCX, SHOW_ALL);
        registers.set(R11, function);
        registers.set(R12, r12);
        registers.set(R13, r13);
        cpu.execute(TDCALL, registers);
        return registers.get(R10);
    }
}
