package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.junit.jupiter.api.Test;

class SoftwareGuestDriverTest {
    private final GuestDriver driver = new SoftwareGuestDriver(true);

    @Test
    void shouldAskOncePerRange() {
        ScriptedCpu cpu = new ScriptedCpu(0);
        driver.share(cpu, 0x4000, 0x1_0000);
        driver.unshare(cpu, 0x4000, 0x1_0000);
        assertEquals(List.of(List.of(1L, 12L, 0x4000L, 16L, 0L), List.of(1L, 12L, 0x4000L, 16L, 16L)), cpu.calls);
    }

    @Test
    void shouldAskABusyHostAgainAndGiveUpAtLast() {
        ScriptedCpu yields = new ScriptedCpu(-11, -11, 0);
        driver.share(yields, 0, 4096);
        assertEquals(3, yields.calls.size());
        ScriptedCpu busy = new ScriptedCpu(-11);
        assertEquals(-11, assertThrows(GuestRefusedException.class, () -> driver.share(busy, 0, 4096)).code());
        assertEquals(SoftwareGuestDriver.MAX_TRIES, busy.calls.size());
    }

    @Test
    void shouldPassTheRefusalOn() {
        ScriptedCpu cpu = new ScriptedCpu(-22);
        assertEquals(-22, assertThrows(GuestRefusedException.class, () -> driver.unshare(cpu, 0, 4096)).code());
        assertEquals(1, cpu.calls.size());
    }

    @Test
    void shouldAskNothingWhereNothingIsPrivate() {
        ScriptedCpu cpu = new ScriptedCpu(-1000);
        GuestDriver plain = new SoftwareGuestDriver(false);
        plain.share(cpu, 0, 4096);
        plain.unshare(cpu, 0, 4096);
        assertEquals(List.of(), cpu.calls);
    }

    @Test
    void shouldTagNothingAndAcceptNothing() {
        ScriptedCpu cpu = new ScriptedCpu(0);
        driver.boot(cpu);
        driver.accept(cpu, 0, 4096);
        assertEquals(List.of(), cpu.calls);
        assertEquals(0x5000, driver.tagged(0x5000, true));
        assertEquals(0x5000, driver.tagged(0x5000, false));
        assertFalse(driver.onEvent(cpu, GuestEvent.ABORT, 0));
    }
}
