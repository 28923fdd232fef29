package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.LARGE;
import static org.enclosure.core.vm.Machine.PAGE;
import static org.enclosure.core.vm.Machine.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.HostStats;
import org.enclosure.api.vm.VmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LifetimeTest {
    static List<Machine.Kind> kinds() {
        return Machine.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldGiveEveryFrameBackAtTheEnd(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(0, RAM);
                for (long at = 0; at < RAM; at += 3 * PAGE) {
                    cpu.storeLong(cpu.address(at, true), at);
                }
                cpu.share(LARGE + PAGE, 5 * PAGE);
                cpu.storeLong(cpu.address(LARGE + PAGE, false), 1);
            });
            machine.vcpu.close();
            machine.vm.close();
            machine.store.close();
            machine.process.close();
            HostStats stats = machine.host.stats();
            assertEquals(stats.total(), stats.free());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldReadZeroAfterAHoleWasPunched(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(0, 2 * LARGE);
                cpu.storeLong(cpu.address(PAGE, true), 1);
                cpu.storeLong(cpu.address(2 * PAGE, true), 2);
                machine.store.punchHole(PAGE, PAGE);
                cpu.onEvent((inner, event, gpa) -> {
                    inner.accept(gpa, PAGE);
                    return true;
                });
                assertEquals(0, cpu.loadLong(cpu.address(PAGE, true)));
                assertEquals(2, cpu.loadLong(cpu.address(2 * PAGE, true)));
            });
            assertEquals(MemoryKind.PRIVATE, machine.vm.attributes().kind(PAGE), "a hole changes no kind");
        }
    }

    @Test
    void shouldKeepTheBytesOfAStoreWhoseSlotIsDeletedAndCreatedAgain() {
        try (Machine machine = new Machine(Machine.software())) {
            machine.run(cpu -> cpu.storeLong(PAGE, 5));
            long pa = machine.vm.inspect(PAGE).pa();
            machine.vm.slots().delete(0);
            assertEquals(ExitReason.MMIO, machine.vcpu
                    .run(cpu -> cpu.loadLong(PAGE), exit -> org.enclosure.api.exit.ExitAction.STOP).reason());
            assertEquals(Signal.DENIED,
                    assertThrows(HostAccessException.class, () -> machine.host.physical().loadLong(pa)).signal());
            machine.vm.slots().create(Memslot.ofStore(3, LARGE, RAM, machine.store, 0));
            machine.run(cpu -> assertEquals(5, cpu.loadLong(LARGE + PAGE)));
        }
    }

    @Test
    void shouldLeaveAnEmptySlotWhenItsStoreIsClosed() {
        try (Machine machine = new Machine(Machine.software())) {
            machine.run(cpu -> cpu.storeLong(PAGE, 5));
            machine.store.close();
            VmExit exit = machine.run(cpu -> cpu.loadLong(PAGE));
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
            assertEquals(Errno.EFAULT, exit.errno());
            assertEquals(Errno.EBADF,
                    assertThrows(GuestMemoryException.class, () -> machine.store.allocate(0, PAGE)).errno());
            assertEquals(Signal.SIGBUS,
                    assertThrows(HostAccessException.class, () -> machine.mapping.loadLong(PAGE)).signal());
        }
    }

    @Test
    void shouldUseAStoreAfterItsVmIsClosed() {
        try (Machine machine = new Machine(Machine.software())) {
            machine.run(cpu -> cpu.storeLong(PAGE, 5));
            machine.vcpu.close();
            machine.vm.close();
            machine.store.punchHole(0, RAM);
            machine.store.allocate(0, RAM);
            assertEquals(RAM, machine.store.allocatedBytes());
            machine.store.close();
            assertThrows(GuestMemoryException.class, () -> machine.vm.createVcpu(1));
        }
    }

    @Test
    void shouldLoseTheSharedHalfWithItsMapping() {
        try (Machine machine = new Machine(Machine.software("backing=split"))) {
            machine.run(cpu -> {
                cpu.share(PAGE, PAGE);
                cpu.storeLong(PAGE, 5);
            });
            machine.mapping.close();
            VmExit exit = machine.run(cpu -> cpu.loadLong(PAGE));
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
            assertEquals(Errno.EFAULT, exit.errno());
            assertEquals(Signal.SIGSEGV,
                    assertThrows(HostAccessException.class, () -> machine.mapping.loadLong(PAGE)).signal());
        }
    }

    @Test
    void shouldDiscardAnonymousMemoryUnderARunningSlot() {
        try (Machine machine = new Machine(Machine.software("backing=split"))) {
            machine.run(cpu -> {
                cpu.share(PAGE, PAGE);
                cpu.storeLong(PAGE, 5);
                machine.mapping.discard(PAGE, PAGE);
                assertEquals(0, cpu.loadLong(PAGE));
                assertEquals(0, machine.mapping.loadLong(PAGE));
            });
        }
    }

    @Test
    void shouldCheckSlotsInKvmsOrder() {
        try (Machine machine = new Machine(Machine.software())) {
            GuestMemoryStore store = machine.vm.createStore(LARGE, Set.of());
            HostMapping anonymous = machine.process.map(LARGE);
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 3, PAGE, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, PAGE + 1, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, 0, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, PAGE, store, 1));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(-1, 2 * RAM, PAGE, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(32764, 2 * RAM, PAGE, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 1L << 60, PAGE, store, 0));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, PAGE, store, 0).with(MemslotFlag.READONLY));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(0, 2 * RAM, PAGE, store, 0));
            assertSlot(machine, Errno.EEXIST, Memslot.ofStore(1, RAM - PAGE, 2 * PAGE, store, LARGE));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, 2 * PAGE, store, LARGE - PAGE));
            assertSlot(machine, Errno.EEXIST, Memslot.ofStore(1, 2 * RAM, PAGE, machine.store, 0));
            assertSlot(machine, Errno.EINVAL,
                    new Memslot(1, 2 * RAM, PAGE, Set.of(), anonymous, 0, store, 0));
            assertSlot(machine, Errno.EINVAL, new Memslot(1, 2 * RAM, PAGE, Set.of(), null, 0, null, 0));
            assertEquals(1, machine.vm.slots().list().size());
            store.close();
            assertSlot(machine, Errno.EBADF, Memslot.ofStore(1, 2 * RAM, PAGE, store, 0));
            assertEquals(Errno.EINVAL,
                    assertThrows(GuestMemoryException.class, () -> machine.vm.slots().delete(9)).errno());
        }
    }

    private static void assertSlot(Machine machine, Errno errno, Memslot slot) {
        GuestMemoryException refused = assertThrows(GuestMemoryException.class, () -> machine.vm.slots().create(slot));
        assertEquals(errno, refused.errno(), refused.getMessage());
    }

    @Test
    void shouldRefuseStoresAndMappingsThatBelongElsewhere() {
        try (Machine machine = new Machine(Machine.software())) {
            var other = machine.host.createVm(VmOptions.of("software-protected"));
            GuestMemoryStore foreign = other.createStore(LARGE, Set.of(StoreFlag.MMAP));
            assertSlot(machine, Errno.EINVAL, Memslot.ofStore(1, 2 * RAM, PAGE, foreign, 0));
            GuestMemoryStore closedToHost = machine.vm.createStore(LARGE, Set.of());
            assertEquals(Errno.ENODEV,
                    assertThrows(GuestMemoryException.class, () -> machine.process.map(closedToHost, 0, PAGE)).errno());
        }
    }

    @Test
    void shouldRefuseToCloseAVmWhoseVcpuRuns() {
        try (Machine machine = new Machine(Machine.software())) {
            machine.run(cpu -> {
                IllegalStateException refused = assertThrows(IllegalStateException.class, machine.vm::close);
                assertTrue(String.valueOf(refused.getMessage()).contains("vCPU 0"), refused.toString());
                cpu.storeLong(PAGE, 1);
            });
        }
    }

    @Test
    void shouldReportOutOfMemoryAndGoOn() {
        try (Machine machine = new Machine(Machine.software())) {
            GuestMemoryStore big = machine.vm.createStore(1L << 40, Set.of());
            assertEquals(Errno.ENOMEM,
                    assertThrows(GuestMemoryException.class, () -> big.allocate(0, 128L << 20)).errno());
            VmExit exit = machine.run(cpu -> cpu.storeLong(PAGE, 1));
            assertEquals(Errno.ENOMEM, exit.errno());
            big.close();
            assertEquals(ExitReason.HALTED, machine.run(cpu -> cpu.storeLong(PAGE, 1)).reason());
        }
    }
}
