package org.enclosure.snp.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.spi.GuestRefusedException;
import org.junit.jupiter.api.Test;

class SevGuestDriverTest {
    private final SevGuestDriver driver = new SevGuestDriver();
    private final RegisterFile registers = new RegisterFile();
    private final Deque<Long> answers = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private final GuestCpu cpu = (GuestCpu) Proxy.newProxyInstance(GuestCpu.class.getClassLoader(),
            new Class<?>[] {GuestCpu.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("execute")) {
                    executed((int) arguments[0]);
                }
                return method.getName().equals("registers") ? registers : null;
            });

    @Test
    void shouldTellTheHostOnceAboutAWholeRange() {
        answers.add(0L);
        driver.share(cpu, 0x10000, 0x5000);
        answers.add(0L);
        driver.unshare(cpu, 0x10000, 0x5000);
        assertEquals(List.of("12 0x10000 5 0x0", "12 0x10000 5 0x10"), calls);
        driver.share(cpu, 0x10000, 0);
        driver.accept(cpu, 0x10000, 0x5000);
        driver.boot(cpu);
        assertEquals(2, calls.size(), "nothing to accept, nothing to tell of an empty range");
    }

    @Test
    void shouldAskABusyHostAgainButNotForEver() {
        answers.addAll(List.of(-11L, -11L, 0L));
        driver.share(cpu, 0, 0x1000);
        assertEquals(3, calls.size());
        calls.clear();
        for (int i = 0; i < SevGuestDriver.MAX_TRIES; i++) {
            answers.add(-11L);
        }
        assertThrows(GuestRefusedException.class, () -> driver.share(cpu, 0, 0x1000));
        assertEquals(SevGuestDriver.MAX_TRIES, calls.size());
        assertTrue(answers.isEmpty());
    }

    @Test
    void shouldSayWhatTheHostRefused() {
        answers.add(-22L);
        GuestRefusedException refused = assertThrows(GuestRefusedException.class,
                () -> driver.unshare(cpu, 0x3000, 0x1000));
        assertTrue(String.valueOf(refused.getMessage()).contains("gpa=0x3000 bytes=0x1000 attributes=0x10"),
                refused.getMessage());
        assertEquals(1, calls.size());
    }

    @Test
    void shouldTagPrivateAddresses() {
        assertEquals(0x5000 | 1L << 51, driver.tagged(0x5000, true));
        assertEquals(0x5000, driver.tagged(0x5000, false));
        assertEquals(0x5000, driver.tagged(0x5000 | 1L << 51, false));
    }

    private void executed(int instruction) {
        assertEquals(Abi.VMMCALL, instruction);
        calls.add(
                registers.get(Abi.RAX) + " 0x" + Long.toHexString(registers.get(Abi.RBX)) + " " + registers.get(Abi.RCX)
                        + " 0x" + Long.toHexString(registers.get(Abi.RDX)));
        registers.set(Abi.RAX, answers.remove());
    }
}
