package org.enclosure.examples.attack;

import java.util.List;
import java.util.function.LongConsumer;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.examples.guest.MemoryMap;

/// The hypercalls of a protected guest under pKVM, past its driver: HVC with the function in X0 and arguments in X1 to X3, the result
/// in X0. One page a call; the other arguments are zero.
final class PkvmCalls {
    private static final int HVC = 0xd400_0002;
    private static final long HYP_MEMINFO = 0xc600_0002L;
    private static final long SHARE = 0xc600_0003L;
    private static final long UNSHARE = 0xc600_0004L;
    private static final long[] UNKNOWN = {0xc600_0001L, 0xc600_000bL, 0xc600_007fL, 0x8400_0000L, 0, -1};
    private static final long[] MISALIGNMENTS = {1, 8, 0x800, 0xfff};
    private static final long[] BEYOND = {1L << 48, 1L << 52, Long.MIN_VALUE, -Paging.PAGE_SIZE};

    private PkvmCalls() {
    }

    /// What a hostile guest tries.
    static List<Attack> attacks() {
        return List.of(GuestAttack.of(AttackNames.UNALIGNED, PkvmCalls::unaligned),
                GuestAttack.of(AttackNames.WRAPPING, PkvmCalls::beyond),
                GuestAttack.of(AttackNames.RESERVED_BITS, PkvmCalls::reserved),
                GuestAttack.of(AttackNames.WRONG_STATE, PkvmCalls::unshareOwn),
                GuestAttack.withBuffer(AttackNames.SHARED_ALREADY, PkvmCalls::shareShared),
                GuestAttack.of(AttackNames.NO_MEMORY, PkvmCalls::nowhere),
                GuestAttack.of(AttackNames.UNKNOWN_CALL, PkvmCalls::unknown));
    }

    private static void unaligned(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long bytes : MISALIGNMENTS) {
            tally.count();
            answer.accept(call(cpu, SHARE, scene.secret().gpa() + bytes, 0, 0));
            tally.count();
            answer.accept(call(cpu, UNSHARE, scene.secret().gpa() + bytes, 0, 0));
        }
    }

    private static void beyond(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long gpa : BEYOND) {
            tally.count();
            answer.accept(call(cpu, SHARE, gpa, 0, 0));
            tally.count();
            answer.accept(call(cpu, UNSHARE, gpa, 0, 0));
        }
    }

    private static void reserved(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long bits : new long[] {1, -1, Long.MIN_VALUE}) {
            tally.count();
            answer.accept(call(cpu, SHARE, scene.secret().gpa(), bits, 0));
            tally.count();
            answer.accept(call(cpu, SHARE, scene.secret().gpa(), 0, bits));
            tally.count();
            answer.accept(call(cpu, HYP_MEMINFO, bits, 0, 0));
        }
    }

    private static void unshareOwn(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        answer.accept(call(cpu, UNSHARE, scene.secret().gpa(), 0, 0));
    }

    private static void shareShared(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        answer.accept(call(cpu, SHARE, MemoryMap.BOUNCE, 0, 0));
    }

    /// EL2 does not answer: the host has an abort where it has no memory.
    private static void nowhere(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        answer.accept(call(cpu, SHARE, scene.machine().map().ramBytes() + MemoryMap.WINDOW_BYTES, 0, 0));
    }

    private static void unknown(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long number : UNKNOWN) {
            tally.count();
            answer.accept(call(cpu, number, 0, 0, 0));
        }
    }

    private static long call(GuestCpu cpu, long function, long first, long second, long third) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, function);
        registers.set(1, first);
        registers.set(2, second);
        registers.set(3, third);
        cpu.execute(HVC, registers);
        return registers.get(0);
    }
}
