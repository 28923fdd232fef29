package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Protection;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.testarch.wire.Abi;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory that the guest may read only, under each kind of half: the engine's leaves and the tables of a backend.
@Timeout(60)
class ReadOnlySlotTest {
    private static final long GPA = 64L << 20;

    static List<Machine.Kind> kinds() {
        return Machine.kinds();
    }

    private static HostMapping slot(Machine machine, boolean isReadOnly) {
        HostMapping mapping = machine.process.map(4 * PAGE);
        Memslot slot = Memslot.ofMapping(1, GPA, 4 * PAGE, mapping, 0);
        machine.vm.slots().create(isReadOnly ? slot.with(MemslotFlag.READONLY) : slot);
        mapping.storeLong(PAGE, 7);
        return mapping;
    }

    private static VmExit runToExit(Machine machine, GuestProgram guest) {
        return machine.vcpu.run(guest, exit -> ExitAction.STOP);
    }

    private static void assertExit(ExitReason reason, Machine machine, GuestProgram write) {
        VmExit exit = runToExit(machine, cpu -> {
            assertEquals(7, cpu.loadLong(cpu.address(GPA + PAGE, false)), "it can be read");
            write.run(cpu);
        });
        assertEquals(reason, exit.reason(), exit::toString);
        assertEquals(GPA + PAGE, exit.gpa() & -PAGE);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldMakeMmioOfAWriteToAReadOnlySlot(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            HostMapping mapping = slot(machine, true);
            assertExit(ExitReason.MMIO, machine, cpu -> cpu.storeLong(cpu.address(GPA + PAGE, false), 8));
            assertExit(ExitReason.MMIO, machine, cpu -> cpu.store(cpu.address(GPA + PAGE + 4, false), 1, 8));
            assertEquals(7, mapping.loadLong(PAGE));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldNotSwapInAReadOnlySlot(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            HostMapping mapping = slot(machine, true);
            runToExit(machine, cpu -> cpu.compareAndSwap(cpu.address(GPA + PAGE, false), 7, 8));
            assertEquals(7, mapping.loadLong(PAGE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core-owned", "backend-owned", "backend-both"})
    void shouldGiveNoWindowToIt(String type) {
        try (Machine machine = new Machine(Machine.test(type))) {
            slot(machine, true);
            VmExit exit = runToExit(machine, cpu -> {
                assertEquals(7, cpu.loadLong(cpu.address(GPA + PAGE, false)), "it is there");
                RegisterFile registers = new RegisterFile();
                registers.set(1, GPA + PAGE);
                cpu.execute(Abi.BATCH, registers);
            });
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason(), exit::toString);
            assertEquals(Errno.EFAULT, exit.errno());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldNotWriteWhatTheHostMappingForbids(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            HostMapping mapping = slot(machine, false);
            machine.run(cpu -> cpu.storeLong(cpu.address(GPA, false), 1));
            mapping.protect(PAGE, PAGE, Protection.READ);
            assertExit(ExitReason.MEMORY_FAULT, machine, cpu -> cpu.storeLong(cpu.address(GPA + PAGE, false), 8));
            assertEquals(Errno.EFAULT, machine.vcpu.run(cpu -> cpu.storeLong(cpu.address(GPA + PAGE, false), 8),
                    exit -> ExitAction.STOP).errno());
            machine.run(cpu -> cpu.storeLong(cpu.address(GPA, false), 2));
            assertEquals(7, mapping.loadLong(PAGE));
            assertEquals(2, mapping.loadLong(0));
            mapping.protect(PAGE, PAGE, Protection.READ_WRITE);
            machine.run(cpu -> cpu.storeLong(cpu.address(GPA + PAGE, false), 8));
            assertEquals(8, mapping.loadLong(PAGE));
        }
    }
}
