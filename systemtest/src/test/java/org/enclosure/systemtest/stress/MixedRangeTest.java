package org.enclosure.systemtest.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A conversion of a range of which some pages have the wanted kind already.
class MixedRangeTest {
    private static final long PAGE = Paging.PAGE_SIZE;
    private static final long OLD = 0x1111;
    private static final long LEFT_BEHIND = 0x2222;

    @ParameterizedTest
    @EnumSource
    void shouldLeavePagesAloneThatHaveTheKindAlready(Scenario scenario) {
        try (StressMachine machine = new StressMachine(scenario, 1)) {
            Vcpu vcpu = machine.vm().createVcpu(0);
            convert(machine, 0, 4, MemoryKind.SHARED);
            convert(machine, 2, 1, MemoryKind.PRIVATE);
            run(vcpu, cpu -> cpu.storeLong(cpu.address(0, false), OLD));
            convert(machine, 0, 4, MemoryKind.SHARED);
            run(vcpu, cpu -> assertEquals(OLD, cpu.loadLong(cpu.address(0, false)), "shared before and after"));
            convert(machine, 3, 1, MemoryKind.PRIVATE);
            run(vcpu, cpu -> {
                cpu.accept(3 * PAGE, PAGE);
                cpu.storeLong(cpu.address(3 * PAGE, true), OLD);
            });
            convert(machine, 0, 4, MemoryKind.PRIVATE);
            run(vcpu, cpu -> {
                assertEquals(OLD, cpu.loadLong(cpu.address(3 * PAGE, true)), "private before and after");
            });
        }
    }

    /// Page 1 was never mapped as a private page, so the platform wiped page 0 alone.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "BACKEND_OWNED.*")
    void shouldNotShowWhatStandsInAPageThatNobodyWiped(Scenario scenario) {
        try (StressMachine machine = new StressMachine(scenario, 1)) {
            Vcpu vcpu = machine.vm().createVcpu(0);
            convert(machine, 0, 2, MemoryKind.SHARED);
            run(vcpu, cpu -> {
                cpu.storeLong(cpu.address(0, false), LEFT_BEHIND);
                cpu.storeLong(cpu.address(PAGE, false), LEFT_BEHIND);
            });
            convert(machine, 0, 2, MemoryKind.PRIVATE);
            run(vcpu, cpu -> cpu.storeLong(cpu.address(0, true), OLD));
            convert(machine, 0, 2, MemoryKind.SHARED);
            run(vcpu, cpu -> assertNotEquals(LEFT_BEHIND, cpu.loadLong(cpu.address(PAGE, false))));
        }
    }

    private static void convert(StressMachine machine, long gfn, long npages, MemoryKind target) {
        machine.vm().conversions().convert(gfn * PAGE, npages * PAGE, target);
    }

    private static void run(Vcpu vcpu, GuestProgram guest) {
        assertEquals(ExitReason.HALTED,
                vcpu.run(guest, exit -> ExitAction.STOP).reason());
    }
}
