package org.enclosure.testarch.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.testarch.Bare;
import org.enclosure.testarch.machine.StageTwo;
import org.enclosure.testarch.wire.Abi;
import org.junit.jupiter.api.Test;

class HostCallsTest {
    private static final long BUFFER_PFN = 30;

    private final Bare bare = new Bare();
    private final VcpuBackend vcpu = bare.vm(TestTypes.BACKEND_OWNED).createVcpu(new VcpuContext(0, bare.frames(0)));
    private final RegisterFile registers = new RegisterFile();
    private final GuestCall call = new GuestCall();

    @Test
    void shouldAskForOne2MRegionAfterTheOther() {
        assertEquals(List.of("0x1ff+1 shared", "0x200+512 shared", "0x400+3 shared"), all(convert(0x1ff, 516, 0)));
        assertEquals(Abi.SUCCESS, registers.get(0));
        assertEquals(0x403L << 12, registers.get(1));
    }

    @Test
    void shouldShowTheVmmAMapGpaRange() {
        convert(0x200, 1, 1);
        assertEquals(GuestCall.CONVERT, call.request);
        assertEquals(GuestCall.STYLE_HYPERCALL, call.style);
        assertEquals(12, call.number);
        assertEquals(List.of(0x200L << 12, 1L, 16L), List.of(call.args[0], call.args[1], call.args[2]));
    }

    @Test
    void shouldTellTheGuestWhereTheHostStopped() {
        long[][] decisions = {{Status.of(Status.DENIED), Abi.REFUSED}, {Status.of(Status.RETRY), Abi.BUSY}};
        for (long[] decision : decisions) {
            convert(0x200, 1024, 1);
            assertEquals(Status.REQUEST, vcpu.answer(call, Status.OK, registers));
            assertEquals(Status.OK, vcpu.answer(call, decision[0], registers));
            assertEquals(decision[1], registers.get(0));
            assertEquals(0x400L << 12, registers.get(1));
        }
    }

    @Test
    void shouldSendTheGuestBackForTheRestWhenAnInterruptIsPending() {
        convert(0x200, 1024, 1);
        call.interruptPending = true;
        assertEquals(Status.OK, vcpu.answer(call, Status.OK, registers));
        assertEquals(Abi.BUSY, registers.get(0));
        assertEquals(0x400L << 12, registers.get(1));
        assertEquals(Status.REQUEST, convert(0x400, 512, 1), "a request always gets at least one part done");
        assertEquals(Status.OK, vcpu.answer(call, Status.OK, registers));
        assertEquals(Abi.SUCCESS, registers.get(0));
    }

    @Test
    void shouldRefuseBadRangesWithoutAnExit() {
        long limit = StageTwo.GFN_LIMIT;
        long[][] bad = {{1, 1, 0}, {0, 0, 0}, {0, -1, 0}, {0, 1, 2}, {limit << 12, 1, 0}, {0, limit + 1, 0},
                {-4096, 1, 0},
                {limit - 1 << 12, 2, 0}, {4096, Long.MAX_VALUE, 0}};
        for (long[] operands : bad) {
            assertEquals(Status.OK, trap(Abi.CALL, Abi.FUNCTION_CONVERT, operands[0], operands[1], operands[2]));
            assertEquals(Abi.BAD_OPERAND, registers.get(0));
            assertEquals(0, call.request);
        }
    }

    @Test
    void shouldHandOtherFunctionsToTheVmm() {
        assertEquals(Status.REQUEST, trap(Abi.CALL, 99, 7, 8, 9));
        assertEquals(GuestCall.HYPERCALL, call.request);
        assertEquals(99, call.number);
        assertEquals(8, call.args[1]);
        call.args[0] = 5;
        assertEquals(Status.OK, vcpu.answer(call, Status.OK, registers));
        assertEquals(List.of(Abi.SUCCESS, 5L), List.of(registers.get(0), registers.get(1)));
        call.exitEnabled = false;
        assertEquals(Status.OK, trap(Abi.CALL, 99, 7, 8, 9));
        assertEquals(Abi.REFUSED, registers.get(0));
        assertEquals(Status.OK, convert(0x200, 1, 0));
        assertEquals(Abi.REFUSED, registers.get(0));
    }

    @Test
    void shouldConvertTheEntriesOfABatchInTheirOrder() {
        assertEquals(List.of("0x10+2 private", "0x1ff+1 shared", "0x200+1 shared"),
                all(batch(Abi.entry(0x10_000, 2, true), Abi.entry(0x1ff_000, 2, false))));
        assertEquals(Abi.SUCCESS, registers.get(0));
    }

    @Test
    void shouldCopyABatchOnceSoThatTheGuestCannotChangeItAfterTheCheck() {
        long status = batch(Abi.entry(0x10_000, 1, true), Abi.entry(0x20_000, 1, false));
        bare.memory.putLong((BUFFER_PFN << 12) + 16, -1L);
        assertEquals(List.of("0x10+1 private", "0x20+1 shared"), all(status));
    }

    @Test
    void shouldRefuseAWholeBatchForOneBadEntry() {
        long[] bad = {2, Abi.entry(StageTwo.GFN_LIMIT << 12, 1, true), Abi.entry(StageTwo.GFN_LIMIT - 1 << 12, 2, true),
                -1};
        for (long entry : bad) {
            assertEquals(Status.OK, batch(Abi.entry(0x10_000, 1, true), entry));
            assertEquals(Abi.BAD_OPERAND, registers.get(0));
        }
    }

    @Test
    void shouldRefuseABadBatchPage() {
        for (long count : new long[] {0, -1, Abi.BATCH_ENTRIES + 1, Long.MIN_VALUE}) {
            needPage();
            bare.memory.putLong(BUFFER_PFN << 12, count);
            call.windowPfn = BUFFER_PFN;
            assertEquals(Status.OK, vcpu.trap(Abi.BATCH, registers, call));
            assertEquals(Abi.BAD_OPERAND, registers.get(0));
        }
        for (long gpa : new long[] {1, -4096, StageTwo.GFN_LIMIT << 12}) {
            assertEquals(Status.OK, trap(Abi.BATCH, 0, gpa, 0, 0));
            assertEquals(Abi.BAD_OPERAND, registers.get(0));
        }
    }

    @Test
    void shouldSendAnUnknownInstructionBackToTheGuest() {
        assertEquals(Status.TO_GUEST, Status.kind(vcpu.trap(77, registers, call)));
    }

    @Test
    void shouldNeverThrowWhateverTheGuestDoes() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        Random random = new Random(seed);
        int requests = 0;
        for (int i = 0; i < 50_000; i++) {
            for (int entry = 0; entry < 10; entry++) {
                bare.memory.putLong((BUFFER_PFN << 12) + entry * 8L, odd(random));
            }
            bare.memory.putLong(BUFFER_PFN << 12, random.nextInt(11));
            long status = trap(random.nextInt(5), random.nextInt(3), odd(random), odd(random), random.nextInt(3));
            if (Status.kind(status) == Status.NEED_PAGE) {
                call.windowPfn = random.nextInt(9) == 0 ? GuestCall.NO_FRAME : BUFFER_PFN;
                status = vcpu.trap(Abi.BATCH, registers, call);
                assertEquals(call.windowPfn == GuestCall.NO_FRAME, Status.kind(status) == Status.NEED_PAGE,
                        "it asks again");
            }
            for (int parts = 0; status == Status.REQUEST && call.request == GuestCall.CONVERT && parts < 20; parts++) {
                assertTrue(call.gfn >= 0 && call.npages > 0 && call.npages <= 512
                        && call.gfn + call.npages <= StageTwo.GFN_LIMIT, "enclosure.seed=" + seed);
                requests++;
                status = vcpu.answer(call, random.nextInt(4) == 0 ? Status.of(Status.RETRY) : Status.OK, registers);
            }
        }
        assertTrue(requests > 1000, "only " + requests + " requests, enclosure.seed=" + seed);
    }

    private static long odd(Random random) {
        return random.nextLong() >>> random.nextInt(64) & (random.nextBoolean() ? -4096 : -3);
    }

    private long convert(long gfn, long pages, long toPrivate) {
        return trap(Abi.CALL, Abi.FUNCTION_CONVERT, gfn << 12, pages, toPrivate);
    }

    private long batch(long... entries) {
        needPage();
        bare.memory.putLong(BUFFER_PFN << 12, entries.length);
        for (int i = 0; i < entries.length; i++) {
            bare.memory.putLong((BUFFER_PFN << 12) + 8 * (i + 1L), entries[i]);
        }
        call.windowPfn = BUFFER_PFN;
        return vcpu.trap(Abi.BATCH, registers, call);
    }

    private void needPage() {
        assertEquals(Status.NEED_PAGE, Status.kind(trap(Abi.BATCH, 0, 0x5000, 0, 0)));
        assertEquals(5, call.needGfn);
    }

    private long trap(int instruction, long first, long second, long third, long fourth) {
        call.reset();
        registers.set(0, first);
        registers.set(1, second);
        registers.set(2, third);
        registers.set(3, fourth);
        return vcpu.trap(instruction, registers, call);
    }

    private List<String> all(long first) {
        List<String> requests = new ArrayList<>();
        for (long status = first; status == Status.REQUEST; status = vcpu.answer(call, Status.OK, registers)) {
            requests.add(
                    "0x" + Long.toHexString(call.gfn) + "+" + call.npages + (call.toPrivate ? " private" : " shared"));
        }
        return requests;
    }
}
