package org.enclosure.examples.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.examples.guest.MemoryMap;

/// What a hostile guest asks the host for, past its driver.
final class CallAttacks {
    private static final int UNKNOWN_INSTRUCTION = 0x7fff_fffe;
    private static final long[] MISALIGNMENTS = {1, 8, 0x800, 0xfff};
    private static final long[] WRAPPING_COUNTS = {1L << 52, (1L << 52) - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1};
    private static final long[] UNKNOWN_NUMBERS = {13, 0x7fff, 0x1_0000_0000L, -1};
    private static final long LAST_PAGE = -Paging.PAGE_SIZE;

    private final RawCalls calls;

    private CallAttacks(RawCalls calls) {
        this.calls = calls;
    }

    /// The attacks of a guest that has these calls.
    static List<Attack> of(RawCalls calls) {
        CallAttacks attacks = new CallAttacks(calls);
        return List.of(attacks.requests(AttackNames.UNALIGNED, map -> unaligned()),
                attacks.requests(AttackNames.NO_PAGES,
                        map -> List.of(new Request(MemoryMap.WINDOW, 0, false),
                                new Request(MemoryMap.WINDOW, 0, true))),
                attacks.requests(AttackNames.WRAPPING, map -> wrapping()),
                attacks.requests(AttackNames.OUTSIDE, CallAttacks::outside),
                attacks.requests(AttackNames.OVERLAPPING, CallAttacks::overlapping),
                GuestAttack.of(AttackNames.RESERVED_BITS, attacks::reservedBits),
                GuestAttack.of(AttackNames.UNKNOWN_CALL, attacks::unknownCall));
    }

    /// Executes an instruction that no architecture has.
    static void unknownInstruction(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        cpu.execute(UNKNOWN_INSTRUCTION, cpu.registers());
        answer.accept(0);
    }

    private void reservedBits(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        answer.accept(calls.convertWithReservedBits(cpu, scene.secret().gpa()));
    }

    private void unknownCall(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long number : UNKNOWN_NUMBERS) {
            tally.count();
            answer.accept(calls.unknownCall(cpu, number));
        }
    }

    private Attack requests(String name, Function<MemoryMap, List<Request>> requests) {
        return GuestAttack.of(name, (cpu, scene, tally, answer) -> {
            for (Request request : requests.apply(scene.machine().map())) {
                tally.count();
                answer.accept(calls.convert(cpu, request.gpa, request.pages, request.toPrivate));
            }
        });
    }

    private static List<Request> unaligned() {
        List<Request> requests = new ArrayList<>();
        for (long bytes : MISALIGNMENTS) {
            requests.add(new Request(MemoryMap.WINDOW + bytes, 1, false));
            requests.add(new Request(MemoryMap.WINDOW + bytes, 1, true));
        }
        return requests;
    }

    private static List<Request> wrapping() {
        List<Request> requests = new ArrayList<>();
        requests.add(new Request(LAST_PAGE, 2, false));
        requests.add(new Request(LAST_PAGE, 2, true));
        for (long pages : WRAPPING_COUNTS) {
            requests.add(new Request(MemoryMap.WINDOW, pages, false));
            requests.add(new Request(MemoryMap.WINDOW, pages, true));
        }
        return requests;
    }

    /// Where nothing is, nothing can become private; to share it is legal (it is MMIO) and no attack.
    private static List<Request> outside(MemoryMap map) {
        return List.of(new Request(map.ramBytes(), 1, true),
                new Request(map.ramBytes() + MemoryMap.WINDOW_BYTES, 16, true));
    }

    private static List<Request> overlapping(MemoryMap map) {
        return List.of(new Request(map.ramBytes() - Paging.PAGE_SIZE, 2, true),
                new Request(map.ramBytes() - 8 * Paging.PAGE_SIZE, 512, true));
    }

    /// One request with any operands.
    private record Request(long gpa, long pages, boolean toPrivate) {
    }
}
