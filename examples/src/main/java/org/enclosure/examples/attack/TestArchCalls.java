package org.enclosure.examples.attack;

import java.util.function.LongConsumer;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.examples.guest.MemoryMap;

/// The instructions of the test architecture: 1 calls the host (function, gpa, pages, kind), 2 accepts a page (-, gpa, level,
/// kind), 3 asks for what is listed in a shared page (-, gpa). The result is in register 0.
final class TestArchCalls implements RawCalls {
    private static final int CALL = 1;
    private static final int ACCEPT = 2;
    private static final int BATCH = 3;
    private static final long CONVERT = 1;
    private static final long RESERVED = 2;
    private static final long MOST_ENTRIES = 8;
    private static final long LEVEL_1G = 3;

    @Override
    public long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate) {
        return execute(cpu, CALL, CONVERT, gpa, pages, toPrivate ? 1 : 0);
    }

    @Override
    public long convertWithReservedBits(GuestCpu cpu, long gpa) {
        return execute(cpu, CALL, CONVERT, gpa, 1, RESERVED);
    }

    @Override
    public long unknownCall(GuestCpu cpu, long number) {
        return execute(cpu, CALL, number, 0, 0, 0);
    }

    /// Accepts what cannot be accepted: unaligned pages, levels that there are not, addresses that there are not.
    static void badAccept(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        long[][] operands = {{MemoryMap.WINDOW + 8, 1}, {MemoryMap.WINDOW + Paging.PAGE_SIZE, 2}, {MemoryMap.WINDOW, 0},
                {MemoryMap.WINDOW, LEVEL_1G}, {-Paging.PAGE_SIZE, 1}};
        for (long[] operand : operands) {
            tally.count();
            answer.accept(execute(cpu, ACCEPT, 0, operand[0], operand[1], 1));
        }
    }

    /// Hands in pages that hold no legal list. The legal first entry of the last ones must not be done either.
    static void badBatch(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        long legal = MemoryMap.WINDOW;
        long[][] lists = {{0}, {-1}, {MOST_ENTRIES + 1}, {Long.MAX_VALUE}, {1, legal | RESERVED},
                {2, legal, -Paging.PAGE_SIZE}};
        for (long[] list : lists) {
            for (int word = 0; word < list.length; word++) {
                cpu.storeLong(cpu.address(MemoryMap.BOUNCE, false) + (long) word * Long.BYTES, list[word]);
            }
            tally.count();
            answer.accept(execute(cpu, BATCH, 0, MemoryMap.BOUNCE, 0, 0));
        }
        tally.count();
        answer.accept(execute(cpu, BATCH, 0, MemoryMap.BOUNCE + 8, 0, 0));
    }

    private static long execute(GuestCpu cpu, int instruction, long first, long second, long third, long fourth) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, first);
        registers.set(1, second);
        registers.set(2, third);
        registers.set(3, fourth);
        cpu.execute(instruction, registers);
        return registers.get(0);
    }
}
