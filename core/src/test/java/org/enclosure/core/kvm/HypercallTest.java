package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.GuestVm.answer;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.VmExit;
import org.enclosure.software.SoftwareProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// KVM_HC_MAP_GPA_RANGE from both sides (`Documentation/virt/kvm/x86/hypercalls.rst`).
class HypercallTest {
    @Test
    @DisplayName("the exit carries number 12, gpa, pages and attributes, the reserved bits too")
    void shouldShowTheVmmWhatTheGuestSaid() {
        List<List<Long>> seen = new ArrayList<>();
        try (GuestVm m = GuestVm.with()) {
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, 2 * PAGE, 1L << 40 | ENCRYPTED | 1)), exit -> {
                seen.add(List.of(exit.number(), exit.argument(0), exit.argument(1), exit.argument(2)));
                return answer(exit, 0);
            });
        }
        assertEquals(List.of(List.of(VmExit.MAP_GPA_RANGE, PAGE, 2L, 1L << 40 | ENCRYPTED | 1)), seen);
        assertEquals(12, VmExit.MAP_GPA_RANGE);
    }

    @Test
    @DisplayName("returns: 0, -22 for what KVM checks, else what the VMM wrote, whatever it is")
    void shouldReturnWhatKvmReturns() {
        try (GuestVm m = GuestVm.with()) {
            m.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 0, PAGE, ENCRYPTED));
                assertEquals(-22, mapGpaRange(cpu, 1, PAGE, ENCRYPTED));
                assertEquals(-22, mapGpaRange(cpu, 0, 0, ENCRYPTED));
                assertEquals(-22, mapGpaRange(cpu, -PAGE, 2 * PAGE, ENCRYPTED), "wraps");
                assertEquals(-22, mapGpaRange(cpu, RAM, PAGE, ENCRYPTED), "no memory to make private");
                assertEquals(0, mapGpaRange(cpu, RAM, PAGE, 0), "MMIO is shared already");
            });
            m.run(cpu -> {
                assertEquals(-11, mapGpaRange(cpu, 0, PAGE, 0));
                assertEquals(-95, mapGpaRange(cpu, PAGE, PAGE, 0));
                assertEquals(-1, mapGpaRange(cpu, 2 * PAGE, PAGE, 0));
                assertEquals(7, mapGpaRange(cpu, 3 * PAGE, PAGE, 0), "no error number, but not 0 either");
            }, exit -> answer(exit, switch ((int) (exit.gpa() / PAGE)) {
                case 0 -> -11;
                case 1 -> -95;
                case 2 -> -1;
                default -> 7;
            }));
        }
    }

    @Test
    @DisplayName("EAGAIN is asked again by the guest's kernel, and the second time it may work")
    void shouldBeAskedAgain() {
        int[] asked = new int[1];
        try (GuestVm m = GuestVm.with()) {
            m.run(cpu -> cpu.unshare(PAGE, PAGE), exit -> {
                asked[0]++;
                if (asked[0] == 3) {
                    m.store.convert(exit.gpa(), exit.bytes(), MemoryKind.of(exit.isPrivate()));
                    return answer(exit, 0);
                }
                return answer(exit, -11);
            });
            assertEquals(3, asked[0]);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }

    @Test
    @DisplayName("the mask: unknown bits EINVAL, 0 turns it off (-1000 without an exit), 1 << 12 turns it on")
    void shouldObeyTheMask() {
        try (GuestVm m = GuestVm.with()) {
            assertEquals(Errno.EINVAL, assertThrows(GuestMemoryException.class,
                    () -> m.vm.enableHypercallExits(1 << 12 | 1 << 11)).errno());
            m.vm.enableHypercallExits(0);
            m.run(cpu -> assertEquals(-1000, mapGpaRange(cpu, 0, PAGE, ENCRYPTED)));
            assertEquals(0, m.exits("hypercall"));
            assertEquals(MemoryKind.SHARED, m.kind(0));
            m.vm.enableHypercallExits(1 << 12);
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, 0, PAGE, ENCRYPTED)));
            assertEquals(1, m.exits("hypercall"));
        }
    }

    @Test
    @DisplayName("discovery: the guest sees feature bit 16 if its VMM offers the call")
    void shouldBeDiscoverable() {
        long[] seen = new long[2];
        try (GuestVm offers = GuestVm.with();
                GuestVm silent = GuestVm.with(options -> options.with("features", "0x20000"))) {
            offers.run(cpu -> {
                cpu.execute(SoftwareProvider.FEATURES, cpu.registers());
                seen[0] = cpu.registers().get(0);
            });
            silent.run(cpu -> {
                cpu.execute(SoftwareProvider.FEATURES, cpu.registers());
                seen[1] = cpu.registers().get(0);
            });
        }
        assertEquals(1 << 16, seen[0]);
        assertEquals(1 << 17, seen[1]);
    }

    @Test
    @DisplayName("an answer that a stopped vCPU has not consumed is lost: the guest has not seen it")
    void shouldNotDeliverAnAnswerToAStoppedVcpu() {
        try (GuestVm m = GuestVm.with()) {
            VmExit end = m.run(cpu -> mapGpaRange(cpu, 0, PAGE, ENCRYPTED),
                    exit -> org.enclosure.api.exit.ExitAction.STOP);
            assertEquals(PAGE, end.bytes());
            assertEquals(MemoryKind.SHARED, m.kind(0));
            m.run(cpu -> assertEquals(0, cpu.registers().get(0)));
        }
    }
}
