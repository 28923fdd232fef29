package org.enclosure.pkvm.host;

import static org.enclosure.pkvm.host.GuestMachine.PAGE;
import static org.enclosure.pkvm.host.GuestMachine.hvc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.pkvm.wire.Smccc;
import org.junit.jupiter.api.Test;

/// What Android's EL2 can do beyond mainline's: ranges, relinquish, the whole MMIO guard.
class AndroidTest {
    private static final long GPA = 64 * PAGE;

    /// The steps of Android's own selftest: the host increments a page that the guest has given up.
    @Test
    void shouldGiveAPageUpWipedAndTakeItBackAsTheHostLeftIt() {
        try (GuestMachine m = GuestMachine.of("android16")) {
            m.run(cpu -> {
                cpu.storeLong(GPA, 42);
                long pa = m.pa(GPA);
                assertThrows(HostAccessException.class, () -> m.host.physical().storeLong(pa, 1));
                assertEquals(0, hvc(cpu, Smccc.MEM_RELINQUISH, GPA, 0, 0));
                assertEquals("NOPAGE", m.vm.inspect(GPA).state());
                m.host.physical().storeLong(pa, m.host.physical().loadLong(pa) + 1);
                assertEquals(1, cpu.loadLong(GPA));
                assertThrows(HostAccessException.class, () -> m.host.physical().loadLong(pa));
                assertEquals(0, hvc(cpu, Smccc.MEM_RELINQUISH, GPA + PAGE, 0, 0), "nothing is mapped there");
                assertEquals(0, hvc(cpu, Smccc.MEM_SHARE, GPA, 0, 0));
                assertEquals(Smccc.INVALID_PARAMETER, hvc(cpu, Smccc.MEM_RELINQUISH, GPA, 0, 0), "a shared page");
            });
        }
    }

    @Test
    void shouldShareAndTakeBackRangesAndReportHowFarItGot() {
        try (GuestMachine m = GuestMachine.of("android16")) {
            m.run(cpu -> {
                for (long gpa = GPA; gpa < GPA + 4 * PAGE; gpa += PAGE) {
                    cpu.storeLong(gpa, gpa);
                }
                assertEquals(0, hvc(cpu, Smccc.MEM_SHARE, GPA, 8, 0));
                assertEquals(4, cpu.registers().get(1), "the fifth page is not mapped");
                assertEquals(Smccc.INVALID_PARAMETER, hvc(cpu, Smccc.MEM_SHARE, GPA + 3 * PAGE, 2, 0));
                assertEquals(0, cpu.registers().get(1));
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA + PAGE, -1, 0));
                assertEquals(3, cpu.registers().get(1));
                assertEquals(0, hvc(cpu, Smccc.MEM_UNSHARE, GPA, 0, 0), "no number counts as one");
                assertEquals(1, cpu.registers().get(1));
                assertEquals(Smccc.INVALID_PARAMETER, hvc(cpu, Smccc.MEM_SHARE, GPA, 1, 1));
            });
            assertEquals(true, m.vm.attributes().isUniform(GPA, 4 * PAGE, MemoryKind.PRIVATE));
        }
    }

    @Test
    void shouldKeepMemoryFromWhatTheGuestCallsMmio() {
        try (GuestMachine m = GuestMachine.of("android16")) {
            m.run(cpu -> {
                cpu.storeLong(GPA, 1);
                assertEquals(PAGE, hvc(cpu, Smccc.MMIO_GUARD_INFO, 0, 0, 0));
                assertEquals(0, hvc(cpu, Smccc.MMIO_GUARD_ENROLL, 0, 0, 0));
                assertEquals(Smccc.INVALID_PARAMETER, hvc(cpu, Smccc.MMIO_GUARD_MAP, GPA, 0, 0), "there is memory");
                assertEquals(0, hvc(cpu, Smccc.MMIO_GUARD_MAP, 2 * GPA, 0, 0));
                assertEquals(0, hvc(cpu, Smccc.MMIO_GUARD_UNMAP, 2 * GPA, 0, 0));
            });
            assertEquals(org.enclosure.api.exit.ExitReason.ERROR, m.run(cpu -> cpu.storeLong(2 * GPA, 1)).reason());
            m.run(cpu -> assertEquals(1, cpu.loadLong(GPA)));
        }
    }
}
