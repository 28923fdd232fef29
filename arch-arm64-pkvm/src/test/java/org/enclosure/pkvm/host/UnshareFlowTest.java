package org.enclosure.pkvm.host;

import static org.enclosure.pkvm.host.GuestMachine.PAGE;
import static org.enclosure.pkvm.host.GuestMachine.hvc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.Pin;
import org.enclosure.pkvm.wire.Smccc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MEM_SHARE and MEM_UNSHARE from the guest's registers to the tables and back, with the flows of an UNSHARE exit.
class UnshareFlowTest {
    private static final long GPA = 5 * PAGE;

    @ParameterizedTest
    @ValueSource(strings = {"7.1", "android16", "union"})
    void shouldKeepFrameAndBytesInBothDirections(String profile) {
        try (GuestMachine m = GuestMachine.of(profile)) {
            List<Long> frames = new ArrayList<>();
            VmExit end = m.run(cpu -> {
                cpu.storeLong(GPA, 42);
                frames.add(m.pa(GPA));
                assertEquals(0, hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0));
                assertEquals(42, m.mapping.loadLong(GPA), "the host reads what the guest shares");
                m.mapping.storeLong(GPA, 43);
                assertEquals(43, cpu.loadLong(GPA));
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0));
                assertEquals(43, cpu.loadLong(GPA), "what the host wrote stays");
                frames.add(m.pa(GPA));
            });
            assertEquals(ExitReason.HALTED, end.reason());
            assertEquals(frames.get(0), frames.get(1), "the frame stays");
            assertEquals("OWNED", m.vm.inspect(GPA).state());
            assertThrows(HostAccessException.class, () -> m.mapping.loadLong(GPA));
            assertThrows(HostAccessException.class, () -> m.host.physical().loadLong(m.pa(GPA)));
        }
    }

    @Test
    void shouldBringAPageInThatTheGuestSharesBeforeItTouchesIt() {
        try (GuestMachine m = GuestMachine.of("7.1")) {
            m.run(cpu -> assertEquals(0, hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0)));
            assertEquals("SHARED_OWNED", m.vm.inspect(GPA).state());
            assertEquals(0, m.mapping.loadLong(GPA));
        }
    }

    @Test
    void shouldTellNobodyOfAShareAndExitForAnUnshare() {
        List<ExitReason> reasons = new ArrayList<>();
        try (GuestMachine m = GuestMachine.of("7.1")) {
            m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0);
            }, exit -> {
                reasons.add(exit.reason());
                return ExitAction.RESUME;
            });
        }
        assertEquals(List.of(ExitReason.UNSHARE), reasons.subList(0, 1));
        assertTrue(!reasons.subList(1, reasons.size()).contains(ExitReason.UNSHARE), () -> reasons.toString());
    }

    @Test
    void shouldAnswerInvalidParameterWhenTheHostRefuses() {
        AtomicLong answer = new AtomicLong();
        try (GuestMachine m = GuestMachine.of("7.1")) {
            m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                answer.set(hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0));
                cpu.storeLong(GPA, 7);
            }, exit -> {
                exit.setResult(-1);
                return ExitAction.RESUME;
            });
            assertEquals(Smccc.INVALID_PARAMETER, answer.get());
            assertEquals(MemoryKind.SHARED, m.vm.attributes().kind(GPA));
            assertEquals("SHARED_OWNED", m.vm.inspect(GPA).state());
            assertEquals(7, m.mapping.loadLong(GPA));
        }
    }

    /// A VMM that says that it has converted, and has not, changes nothing: EL2 converts, or the guest is told.
    @Test
    void shouldConvertWhateverTheVmmClaims() {
        try (GuestMachine m = GuestMachine.of("7.1")) {
            m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0));
                cpu.storeLong(GPA, 0x5ec3e7);
            }, exit -> {
                exit.setResult(0);
                return ExitAction.RESUME;
            });
            assertEquals("OWNED", m.vm.inspect(GPA).state());
            assertThrows(HostAccessException.class, () -> m.mapping.loadLong(GPA));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"store", "vcpu-1", "vcpu-2a"})
    void shouldExitAgainAsLongAsTheHostHoldsThePage(String convert) {
        AtomicInteger exits = new AtomicInteger();
        Pin[] pin = new Pin[1];
        try (GuestMachine m = GuestMachine.of("7.1", "convert=" + convert)) {
            VmExit end = m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                pin[0] = m.mapping.pin(GPA, PAGE, "vhost");
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0));
                cpu.storeLong(GPA, 1);
            }, exit -> {
                if (exit.reason() == ExitReason.UNSHARE && exits.incrementAndGet() == 4) {
                    pin[0].close();
                }
                return ExitAction.RESUME;
            });
            assertEquals(ExitReason.HALTED, end.reason());
            assertEquals(4, exits.get());
            assertEquals(MemoryKind.PRIVATE, m.vm.attributes().kind(GPA));
        }
    }

    @Test
    void shouldLetTheHostKickAVcpuWhosePageItHolds() {
        try (GuestMachine m = GuestMachine.of("7.1")) {
            Pin[] pin = new Pin[1];
            VmExit end = m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                pin[0] = m.mapping.pin(GPA, PAGE, "vhost");
                hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0);
                throw new AssertionError("the page is held");
            }, exit -> {
                if (exit.reason() == ExitReason.UNSHARE) {
                    m.vcpu.kick();
                }
                return ExitAction.RESUME;
            });
            assertEquals(ExitReason.INTERRUPTED, end.reason());
            assertEquals("SHARED_OWNED", m.vm.inspect(GPA).state());
            pin[0].close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vcpu-2b", "pending"})
    void shouldLetTheGuestRunOnWithoutThePage(String convert) {
        Pin[] pin = new Pin[1];
        List<String> order = new ArrayList<>();
        try (GuestMachine m = GuestMachine.of("7.1", "convert=" + convert)) {
            VmExit end = m.vcpu.run(cpu -> {
                hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0);
                cpu.storeLong(GPA, 9);
                pin[0] = m.mapping.pin(GPA, PAGE, "vhost");
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0));
                order.add("on");
                cpu.storeLong(GPA + PAGE, 1);
                order.add("touch");
                assertEquals(9, cpu.loadLong(GPA));
                order.add("read");
            }, exit -> {
                if (exit.reason() == ExitReason.UNSHARE) {
                    order.add("exit");
                    if (order.contains("touch")) {
                        pin[0].close();
                    }
                    exit.setResult(0);
                }
                return ExitAction.RESUME;
            });
            assertEquals(ExitReason.HALTED, end.reason(), end.cause());
            assertEquals(List.of("exit", "on", "touch", "exit", "read"), order);
            assertEquals("OWNED", m.vm.inspect(GPA).state());
        }
    }
}
