package org.enclosure.testarch.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.testarch.host.TestTypes;
import org.enclosure.testarch.wire.Abi;
import org.junit.jupiter.api.Test;

class TestGuestDriverTest {
    private final GuestDriver accepting = new TestGuestDriver(TestTypes.CORE_OWNED.traits());
    private final GuestDriver plain = new TestGuestDriver(TestTypes.BACKEND_OWNED.traits());

    @Test
    void shouldTakeItsAcceptanceBackBeforeItAnnouncesAShare() {
        ScriptedCpu cpu = new ScriptedCpu(0, 0, Abi.SUCCESS, 0x3000);
        accepting.share(cpu, 0x2000, 4096);
        assertEquals(List.of(accept(0x2000, 1, 0), convert(0x2000, 1, 0)), cpu.calls);
    }

    @Test
    void shouldAnnounceBeforeItAcceptsWhatIsPrivateAgain() {
        ScriptedCpu cpu = new ScriptedCpu(Abi.SUCCESS, 0x3000, 0, 0);
        accepting.unshare(cpu, 0x2000, 4096);
        assertEquals(List.of(convert(0x2000, 1, 1), accept(0x2000, 1, 1)), cpu.calls);
    }

    @Test
    void shouldAcceptNothingWhereNothingIsToBeAccepted() {
        ScriptedCpu cpu = new ScriptedCpu(Abi.SUCCESS, 0x3000);
        plain.accept(cpu, 0x2000, 4096);
        plain.share(cpu, 0x2000, 4096);
        assertEquals(List.of(convert(0x2000, 1, 0)), cpu.calls);
    }

    @Test
    void shouldAcceptLargePagesAndFallBackToSmallOnes() {
        ScriptedCpu large = new ScriptedCpu(Abi.SUCCESS, 0);
        accepting.accept(large, 0x1ff000, 0x201000);
        assertEquals(List.of(accept(0x1ff000, 1, 1), accept(0x200000, 2, 1)), large.calls);
        ScriptedCpu small = new ScriptedCpu(Abi.SIZE_MISMATCH, 0, Abi.SUCCESS, 0);
        accepting.accept(small, 0x200000, 0x200000);
        assertEquals(513, small.calls.size());
        assertEquals(accept(0x3ff000, 1, 1), small.calls.getLast());
    }

    @Test
    void shouldGoOnWhereABusyHostStopped() {
        ScriptedCpu cpu = new ScriptedCpu(Abi.BUSY, 0x4000, Abi.SUCCESS, 0x6000);
        plain.share(cpu, 0x2000, 0x4000);
        assertEquals(List.of(convert(0x2000, 4, 0), convert(0x4000, 2, 0)), cpu.calls);
    }

    @Test
    void shouldGiveUpAtLastAndPassARefusalOn() {
        ScriptedCpu busy = new ScriptedCpu(Abi.BUSY, 0x2000);
        assertEquals(Abi.BUSY, assertThrows(GuestRefusedException.class, () -> plain.share(busy, 0x2000, 4096)).code());
        assertEquals(TestGuestDriver.MAX_TRIES, busy.calls.size());
        ScriptedCpu refused = new ScriptedCpu(Abi.REFUSED, 0x2000);
        assertEquals(Abi.REFUSED,
                assertThrows(GuestRefusedException.class, () -> plain.share(refused, 0x2000, 4096)).code());
        ScriptedCpu bad = new ScriptedCpu(Abi.BAD_OPERAND, 0);
        assertThrows(GuestRefusedException.class, () -> accepting.accept(bad, 0x2000, 4096));
    }

    @Test
    void shouldNotBelieveAHostThatGotSomewhereElse() {
        for (long somewhere : new long[] {0x1000, 0x9000, -1}) {
            ScriptedCpu liar = new ScriptedCpu(Abi.BUSY, somewhere);
            assertThrows(GuestRefusedException.class, () -> plain.share(liar, 0x2000, 4096));
            assertEquals(1, liar.calls.size());
        }
    }

    @Test
    void shouldTagAddressesAsItsArchitectureDoes() {
        assertEquals(0x8_0000_0000_2000L, accepting.tagged(0x2000, true));
        assertEquals(0x2000, accepting.tagged(0x2000, false));
        assertEquals(0x2000, plain.tagged(0x2000, true));
        assertEquals(0x8000_0000_2000L, plain.tagged(0x2000, false));
    }

    @Test
    void shouldAcceptNothingInAnExceptionHandler() {
        ScriptedCpu cpu = new ScriptedCpu(0, 0);
        assertFalse(accepting.onEvent(cpu, GuestEvent.UNACCEPTED, 0x2000));
        accepting.boot(cpu);
        assertEquals(List.of(), cpu.calls);
    }

    private static List<Long> convert(long gpa, long pages, long toPrivate) {
        return List.of((long) Abi.CALL, Abi.FUNCTION_CONVERT, gpa, pages, toPrivate);
    }

    private static List<Long> accept(long gpa, long level, long accepted) {
        return List.of((long) Abi.ACCEPT, 0L, gpa, level, accepted);
    }
}
