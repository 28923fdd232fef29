package org.enclosure.pkvm.host;

import static org.enclosure.pkvm.host.GuestMachine.PAGE;
import static org.enclosure.pkvm.host.GuestMachine.RAM;
import static org.enclosure.pkvm.host.GuestMachine.hvc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.pkvm.launch.PkvmPlanner;
import org.enclosure.pkvm.wire.Smccc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Launch, slots, the end of VMs, and several VMs on one host.
class LifeTest {
    @Test
    void shouldOwnTheImageBeforeTheFirstRunAndTranscribeIt() {
        byte[] image = new byte[(int) (3 * PAGE)];
        image[5] = 77;
        try (GuestMachine m = GuestMachine.of("7.1")) {
            LaunchReport report = m.vm.launch(MemorySegment.ofArray(image), Map.of("gpa", "0x100000"));
            assertEquals(false, report.architectural());
            assertEquals("OWNED", m.vm.inspect(0x10_0000).state());
            assertThrows(HostAccessException.class, () -> m.host.physical().loadLong(m.pa(0x10_0000)));
            assertEquals(report.digest(), digest(image, "0x100000"));
            assertNotEquals(report.digest(), digest(image, "0x200000"));
            image[6]++;
            assertNotEquals(report.digest(), digest(image, "0x100000"));
            m.run(cpu -> assertEquals(77, cpu.load(0x10_0005, 1)));
        }
    }

    private static String digest(byte[] image, String gpa) {
        MemorySegment bytes = MemorySegment.ofArray(image);
        Map<String, String> options = Map.of("gpa", gpa);
        return PkvmPlanner.INSTANCE.measure(PkvmPlanner.INSTANCE.plan(bytes, options), bytes, options).digest();
    }

    @Test
    void shouldNotLetASlotGo() {
        try (GuestMachine m = GuestMachine.of("7.1")) {
            assertEquals(Errno.EPERM, refusal(() -> m.vm.slots().delete(0)));
            m.run(cpu -> cpu.storeLong(0, 1));
            assertEquals(Errno.EIO, refusal(() -> m.store.punchHole(0, PAGE)));
            assertEquals(Errno.EIO, refusal(() -> m.vm.conversions().convert(0, PAGE,
                    org.enclosure.api.MemoryKind.SHARED)));
            m.run(cpu -> assertEquals(1, cpu.loadLong(0)));
        }
    }

    private static Errno refusal(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    @Test
    void shouldKeepTheGuestsPagesWhenTheirStoreIsClosedFirst() {
        Host host = GuestMachine.host("7.1");
        long before = host.stats().free();
        GuestMachine m = GuestMachine.on(host);
        m.run(cpu -> cpu.storeLong(0, 3));
        m.store.close();
        m.run(cpu -> assertEquals(3, cpu.loadLong(0)));
        m.closeVm();
        assertEquals(before, host.stats().free());
        host.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.1", "android16", "union"})
    void shouldWipeWhatTheGuestHadAndGiveAllFramesBack(String profile) {
        Host host = GuestMachine.host(profile);
        long before = host.stats().free();
        GuestMachine m = GuestMachine.on(host);
        List<Long> frames = new ArrayList<>();
        m.run(cpu -> {
            for (long gpa = 0; gpa < RAM; gpa += PAGE) {
                cpu.storeLong(gpa, 0x5ec3_e700_0000_0000L | gpa);
                frames.add(m.pa(gpa));
            }
            for (long gpa = 0; gpa < 8 * PAGE; gpa += PAGE) {
                assertEquals(0, hvc(cpu, Smccc.MEM_SHARE, gpa, 0, 0));
            }
        });
        m.vcpu.close();
        m.vm.close();
        for (int i = 8; i < frames.size(); i++) {
            assertEquals(0, host.physical().loadLong(frames.get(i)), "page " + i + " is wiped and the host's");
        }
        m.closeVm();
        assertEquals(before, host.stats().free());
        host.close();
    }

    @Test
    void shouldKeepTwoVmsOnOneHostApart() {
        try (Host host = GuestMachine.host("7.1")) {
            GuestMachine first = GuestMachine.on(host);
            GuestMachine second = GuestMachine.on(host);
            first.run(cpu -> cpu.storeLong(0, 1));
            second.run(cpu -> {
                cpu.storeLong(0, 2);
                hvc(cpu, Smccc.MEM_SHARE, 0, 0, 0);
            });
            assertNotEquals(first.pa(0), second.pa(0));
            assertThrows(HostAccessException.class, () -> host.physical().loadLong(first.pa(0)));
            assertEquals(2, host.physical().loadLong(second.pa(0)));
            second.closeVm();
            first.run(cpu -> assertEquals(1, cpu.loadLong(0)));
            first.closeVm();
        }
    }

    @Test
    void shouldCreateVmsAsLongAsThereAreHandlesAndUseThemAgain() {
        try (Host host = GuestMachine.host("7.1")) {
            for (int time = 0; time < 600; time++) {
                host.createVm(VmOptions.of("protected")).close();
            }
            GuestMachine m = GuestMachine.on(host);
            m.run(cpu -> cpu.storeLong(0, 1));
            m.closeVm();
        }
    }

    @Test
    void shouldHaveNoProtectedVmsOnAnOldKernel() {
        try (Host host = GuestMachine.host("6.18")) {
            GuestMemoryException refused = assertThrows(GuestMemoryException.class,
                    () -> host.createVm(VmOptions.of("protected")));
            assertTrue(String.valueOf(refused.getMessage()).contains("6.18"), refused.getMessage());
        }
        assertThrows(RuntimeException.class, () -> GuestMachine.host("5.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.18", "7.1", "android16"})
    void shouldRunUnprotectedVmsOnEveryKernel(String profile) {
        try (GuestMachine m = GuestMachine.ofType(profile, "unprotected")) {
            m.run(cpu -> {
                for (long gpa = 0; gpa < RAM; gpa += 16 * PAGE) {
                    cpu.storeLong(gpa, gpa);
                }
                cpu.share(0, PAGE);
                cpu.unshare(0, PAGE);
                assertEquals(Smccc.NOT_SUPPORTED, hvc(cpu, Smccc.MEM_SHARE, 0, 0, 0));
            });
            assertEquals(16 * PAGE, m.mapping.loadLong(16 * PAGE), "the host's pages stay the host's");
            assertEquals("SHARED_BORROWED", m.vm.inspect(0).state());
            m.store.punchHole(0, RAM / 2);
            assertEquals("NOPAGE", m.vm.inspect(0).state());
            m.run(cpu -> assertEquals(0, cpu.loadLong(16 * PAGE)));
            m.vm.slots().delete(0);
        }
    }

    /// The hypervisor of an old kernel does not survive a host that touches its pages.
    @Test
    void shouldEndEveryVmWhenAnOldHypervisorPanics() {
        try (GuestMachine m = GuestMachine.ofType("6.18", "unprotected")) {
            m.run(cpu -> cpu.storeLong(0, 1));
            long table = -1;
            for (long pa = 0; pa < GuestMachine.HOST_RAM && table < 0; pa += PAGE) {
                try {
                    m.host.physical().loadLong(pa);
                } catch (HostAccessException e) {
                    table = pa;
                }
            }
            assertTrue(table >= 0, "EL2 has pages of its own");
            assertEquals(ExitReason.SHUTDOWN, m.run(cpu -> cpu.storeLong(RAM / 2, 1)).reason());
        }
    }
}
