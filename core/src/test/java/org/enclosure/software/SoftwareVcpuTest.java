package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.Test;

class SoftwareVcpuTest {
    private static final SoftwareOptions OPTIONS = SoftwareOptions.of(Map.of(), true);

    private final SoftwareVcpu vcpu = new SoftwareVcpu(true, OPTIONS);
    private final RegisterFile registers = new RegisterFile();
    private final GuestCall call = new GuestCall();

    @Test
    void shouldAdmitTheEnginesLeafAsItIs() {
        FaultDetail detail = new FaultDetail();
        long leaf = Leaf.of(512, 2, Leaf.READ | Leaf.WRITE);
        assertEquals(leaf, vcpu.admit(513, leaf, Access.READ | Access.WRITE | Access.PRIVATE, detail));
    }

    @Test
    void shouldFaultWithoutALeafAndWithoutThePermission() {
        FaultDetail detail = new FaultDetail();
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(9, Leaf.NONE, Access.READ, detail)));
        assertEquals(9, detail.gfn);
        long readOnly = Leaf.of(1, 1, Leaf.READ);
        assertEquals(readOnly, vcpu.admit(9, readOnly, Access.READ, detail));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(9, readOnly, Access.WRITE | Access.PRIVATE, detail)));
        assertEquals(Access.WRITE | Access.PRIVATE, detail.access);
    }

    @Test
    void shouldTurnMapGpaRangeIntoOneConversion() {
        assertEquals(Status.REQUEST, hypercall(12, 0x20_0000, 512, 0x11));
        assertEquals(GuestCall.CONVERT, call.request);
        assertEquals(GuestCall.STYLE_HYPERCALL, call.style);
        assertEquals(0x200, call.gfn);
        assertEquals(512, call.npages);
        assertTrue(call.toPrivate);
        assertEquals(12, call.number);
        assertEquals(0x20_0000, call.args[0]);
        assertEquals(512, call.args[1]);
        assertEquals(0x11, call.args[2]);
        assertEquals(Status.REQUEST, hypercall(12, 0x20_0000, 512, 0x1));
        assertFalse(call.toPrivate);
    }

    @Test
    void shouldAnswerABadRangeWithoutAnExit() {
        long[][] bad = {{0x1001, 1}, {0x1000, 0}, {0xfff, 1}, {-4096, 2}, {0, -1}, {0x1000, Long.MIN_VALUE},
                {0, (1L << 52) + 1},
                {0x1000, 1L << 52}};
        for (long[] range : bad) {
            assertEquals(Status.OK, hypercall(12, range[0], range[1], 16));
            assertEquals(-22, registers.get(0), Long.toHexString(range[0]) + " " + range[1]);
            assertEquals(0, call.request);
        }
        assertEquals(Status.REQUEST, hypercall(12, -4096, 1, 16), "the last page of the address space is a range");
    }

    @Test
    void shouldLeaveReservedAttributesToTheHost() {
        assertEquals(Status.REQUEST, hypercall(12, 0, 1, -1L << 5));
        assertEquals(-1L << 5, call.args[2]);
        assertFalse(call.toPrivate);
    }

    @Test
    void shouldAnswerEnosysBeforeItLooksAtTheRange() {
        call.exitEnabled = false;
        assertEquals(Status.OK, hypercall(12, 1, 0, 0));
        assertEquals(-1000, registers.get(0));
        call.exitEnabled = true;
        RegisterFile plain = new RegisterFile();
        plain.set(0, 12);
        plain.set(2, 1);
        assertEquals(Status.OK, new SoftwareVcpu(false, OPTIONS).trap(SoftwareProvider.HYPERCALL, plain, call));
        assertEquals(-1000, plain.get(0));
    }

    @Test
    void shouldHandEveryOtherCallToTheVmm() {
        registers.set(4, 44);
        assertEquals(Status.REQUEST, hypercall(5, 1, 2, 3));
        assertEquals(GuestCall.HYPERCALL, call.request);
        assertEquals(5, call.number);
        assertEquals(3, call.args[2]);
        assertEquals(44, call.args[3]);
    }

    @Test
    void shouldPutTheHostsDecisionIntoRax() {
        long[][] decisions = {{Status.OK, 0}, {Status.of(Status.DENIED), -22}, {Status.of(Status.RETRY), -11}};
        for (long[] decision : decisions) {
            hypercall(12, 0, 1, 0);
            assertEquals(Status.OK, vcpu.answer(call, decision[0], registers));
            assertEquals(decision[1], registers.get(0));
        }
    }

    @Test
    void shouldPutTheVmmsOwnResultIntoRax() {
        hypercall(5, 1, 2, 3);
        call.args[0] = 99;
        assertEquals(Status.OK, vcpu.answer(call, Status.OK, registers));
        assertEquals(99, registers.get(0));
        assertEquals(Status.OK, vcpu.answer(call, Status.of(Status.DENIED), registers));
        assertEquals(-1000, registers.get(0), "nobody answers this call");
    }

    @Test
    void shouldTellTheGuestWhatItsVmmOffers() {
        assertEquals(Status.OK, vcpu.trap(SoftwareProvider.FEATURES, registers, call));
        assertEquals(1 << 16, registers.get(0), "MAP_GPA_RANGE by default");
        SoftwareVcpu silent = new SoftwareVcpu(true, SoftwareOptions.of(Map.of("features", "0"), true));
        silent.trap(SoftwareProvider.FEATURES, registers, call);
        assertEquals(0, registers.get(0));
    }

    @Test
    void shouldReachTheVmmByTheExitThatWasChosen() {
        SoftwareVcpu unshares = new SoftwareVcpu(true, SoftwareOptions.of(Map.of("exit", "unshare"), true));
        registers.set(0, 12);
        registers.set(2, 1);
        unshares.trap(SoftwareProvider.HYPERCALL, registers, call);
        assertEquals(GuestCall.STYLE_UNSHARE, call.style);
        assertEquals("option exit=x is not legal; legal: hypercall, unshare, memory-fault",
                assertThrows(IllegalArgumentException.class, () -> SoftwareOptions.of(Map.of("exit", "x"), true))
                        .getMessage());
    }

    @Test
    void shouldSendAnUnknownInstructionBackToTheGuest() {
        assertEquals(Status.TO_GUEST, Status.kind(vcpu.trap(99, registers, call)));
        assertEquals(99, call.detail.code);
    }

    @Test
    void shouldNeverThrowWhateverTheRegistersHold() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long gpa = random.nextLong() & (random.nextBoolean() ? -4096 : -1);
            long status = hypercall(random.nextBoolean() ? 12 : random.nextLong(), gpa,
                    random.nextLong() >> random.nextInt(64), random.nextLong());
            boolean converts = status == Status.REQUEST && call.request == GuestCall.CONVERT;
            assertTrue(!converts || call.npages > 0 && call.gfn >= 0 && call.gfn + call.npages <= 1L << 52,
                    "enclosure.seed=" + seed);
        }
    }

    private long hypercall(long number, long gpa, long npages, long attributes) {
        call.reset();
        registers.set(0, number);
        registers.set(1, gpa);
        registers.set(2, npages);
        registers.set(3, attributes);
        return vcpu.trap(SoftwareProvider.HYPERCALL, registers, call);
    }
}
