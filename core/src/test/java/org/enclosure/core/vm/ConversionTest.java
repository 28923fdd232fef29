package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.LARGE;
import static org.enclosure.core.vm.Machine.PAGE;
import static org.enclosure.core.vm.Machine.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConversionTest {
    static List<Machine.Kind> kinds() {
        return Machine.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldGiveASharedPageToTheHostAndTakeItBack(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(0, 4 * LARGE);
                cpu.storeLong(cpu.address(LARGE, true), 11);
                cpu.share(PAGE, PAGE);
                cpu.storeLong(cpu.address(PAGE, false), 5);
                assertEquals(5, machine.mapping.loadLong(PAGE));
                machine.mapping.storeLong(PAGE, 6);
                assertEquals(6, cpu.loadLong(cpu.address(PAGE, false)));
                cpu.unshare(PAGE, PAGE);
                cpu.storeLong(cpu.address(PAGE, true), 7);
                assertEquals(7, cpu.loadLong(cpu.address(PAGE, true)));
                assertEquals(11, cpu.loadLong(cpu.address(LARGE, true)), "a neighbour is not touched");
            });
            assertEquals(MemoryKind.PRIVATE, machine.vm.attributes().kind(PAGE));
            if (kind.policies().contains("backing=split")) {
                assertEquals(6, machine.mapping.loadLong(PAGE), "the unused half keeps what it had");
            } else {
                assertEquals(Signal.SIGBUS,
                        assertThrows(HostAccessException.class, () -> machine.mapping.loadLong(PAGE)).signal());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldKeepTheRestOfALargePageWhenAPartIsShared(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(LARGE, LARGE);
                for (long at = LARGE; at < 2 * LARGE; at += PAGE) {
                    cpu.storeLong(cpu.address(at, true), at);
                }
                cpu.share(LARGE + 3 * PAGE, 2 * PAGE);
                for (long at = LARGE; at < 2 * LARGE; at += PAGE) {
                    boolean isShared = at == LARGE + 3 * PAGE || at == LARGE + 4 * PAGE;
                    if (!isShared) {
                        assertEquals(at, cpu.loadLong(cpu.address(at, true)));
                    }
                }
                machine.mapping.storeLong(LARGE + 3 * PAGE, 1);
                assertEquals(1, cpu.loadLong(cpu.address(LARGE + 3 * PAGE, false)));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldNeverShowOldBytesOfAnotherVm(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(0, RAM);
                for (long at = 0; at < RAM; at += PAGE) {
                    cpu.storeLong(cpu.address(at, true), -1);
                }
            });
            machine.vcpu.close();
            machine.vm.close();
            machine.store.close();
            try (Machine next = new Machine(kind, options -> options)) {
                next.run(cpu -> {
                    cpu.accept(0, RAM);
                    for (long at = 0; at < RAM; at += PAGE) {
                        assertEquals(0, cpu.loadLong(cpu.address(at, true)));
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldCountPagesThatChangedTheirKindAlone(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            long before = machine.vm.stats().conversions().pages();
            machine.vm.conversions().convert(0, 4 * PAGE, MemoryKind.SHARED);
            machine.vm.conversions().convert(2 * PAGE, 4 * PAGE, MemoryKind.SHARED);
            machine.vm.conversions().convert(0, 6 * PAGE, MemoryKind.SHARED);
            assertEquals(6, machine.vm.stats().conversions().pages() - before);
        }
    }

    @Test
    void shouldRefuseWhatIsPinnedAndSayWhereAndByWhom() {
        try (Machine machine = new Machine(Machine.software())) {
            machine.vm.conversions().convert(0, 8 * PAGE, MemoryKind.SHARED);
            try (Pin first = machine.mapping.pin(3 * PAGE, PAGE, "vfio");
                    Pin second = machine.mapping.pin(3 * PAGE, 2 * PAGE, "vhost")) {
                first.storeLong(0, 9);
                assertEquals(9, second.loadLong(0));
                GuestMemoryException refused = assertThrows(GuestMemoryException.class,
                        () -> machine.vm.conversions().convert(PAGE, 7 * PAGE, MemoryKind.PRIVATE));
                assertEquals(Errno.EAGAIN, refused.errno());
                assertEquals(2 * PAGE, refused.errorOffset());
                assertEquals(List.of("vfio", "vhost"), refused.holders());
                assertTrue(machine.vm.attributes().isUniform(0, 8 * PAGE, MemoryKind.SHARED), "nothing changed");
                assertEquals(Errno.EAGAIN, assertThrows(GuestMemoryException.class,
                        () -> machine.store.punchHole(3 * PAGE, PAGE)).errno());
            }
            machine.vm.conversions().convert(PAGE, 7 * PAGE, MemoryKind.PRIVATE);
            assertEquals(Errno.EFAULT, assertThrows(GuestMemoryException.class,
                    () -> machine.mapping.pin(3 * PAGE, PAGE, "late")).errno());
        }
    }

    @Test
    void shouldConvertAcrossSlotsAllOrNothing() {
        try (Machine machine = new Machine(Machine.software())) {
            GuestMemoryStore second = machine.vm.createStore(LARGE, Set.of(StoreFlag.MMAP));
            machine.vm.slots().create(Memslot.ofStore(1, RAM, LARGE, second, 0));
            machine.vm.conversions().convert(RAM - PAGE, 2 * PAGE, MemoryKind.SHARED);
            assertEquals(MemoryKind.SHARED, second.kind(0));
            assertEquals(MemoryKind.SHARED, machine.store.kind(RAM - PAGE));
            GuestMemoryException refused = assertThrows(GuestMemoryException.class,
                    () -> machine.vm.conversions().convert(RAM - PAGE, LARGE + 2 * PAGE, MemoryKind.PRIVATE));
            assertEquals(Errno.EINVAL, refused.errno());
            assertEquals(LARGE + PAGE, refused.errorOffset());
            assertEquals(MemoryKind.SHARED, second.kind(0), "nothing changed");
            machine.vm.conversions().convert(RAM + LARGE, PAGE, MemoryKind.SHARED); // no memory: nothing to do
        }
    }

    @Test
    void shouldConvertAStoreThatIsNotBound() {
        try (Machine machine = new Machine(Machine.software())) {
            GuestMemoryStore unbound = machine.vm.createStore(LARGE, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            assertEquals(MemoryKind.SHARED, unbound.kind(0));
            unbound.convert(0, PAGE, MemoryKind.PRIVATE);
            assertEquals(MemoryKind.PRIVATE, unbound.kind(0));
            assertEquals(MemoryKind.SHARED, unbound.kind(PAGE));
        }
    }

    @Test
    void shouldRefuseIllegalRangesAndChangeNothing() {
        try (Machine machine = new Machine(Machine.software())) {
            long[][] illegal = {{1, PAGE}, {0, 1}, {0, 0}, {0, -PAGE}, {-PAGE, PAGE},
                    {Long.MAX_VALUE & -PAGE, 2 * PAGE},
                    {1L << 60, PAGE}};
            for (long[] range : illegal) {
                assertEquals(Errno.EINVAL,
                        assertThrows(GuestMemoryException.class,
                                () -> machine.vm.conversions().convert(range[0], range[1], MemoryKind.SHARED)).errno());
                assertEquals(-22, machine.vm.conversions().request(0, range[0], range[1], MemoryKind.SHARED));
            }
            assertTrue(machine.vm.attributes().isUniform(0, RAM, MemoryKind.PRIVATE));
        }
    }

    @Test
    void shouldConvertOnAnAccessOfTheOtherKindIfTheTriggerSaysSo() {
        try (Machine machine = new Machine(Machine.test("core-owned"))) {
            machine.run(cpu -> assertEquals(0, cpu.loadLong(cpu.address(PAGE, false))));
            assertEquals(1, machine.vm.stats().conversions().implicit());
            assertEquals(MemoryKind.SHARED, machine.vm.attributes().kind(PAGE));
        }
        Machine.Kind explicit = new Machine.Kind("test", "core-owned", List.of("trigger=explicit"));
        try (Machine machine = new Machine(explicit)) {
            assertEquals(ExitReason.MEMORY_FAULT, machine.run(cpu -> cpu.loadLong(cpu.address(PAGE, false))).reason());
            assertEquals(MemoryKind.PRIVATE, machine.vm.attributes().kind(PAGE));
        }
    }

    @Test
    void shouldTellThePolicyWhoAsksForWhat() {
        List<String> seen = new ArrayList<>();
        try (Machine machine = new Machine(Machine.software(), options -> options.with(request -> {
            seen.add(request.origin() + " " + request.gpa() + " " + request.bytes() + " " + request.target());
            return request.gpa() == PAGE ? ConversionDecision.ALLOW : ConversionDecision.deny("not this one");
        }))) {
            machine.run(cpu -> {
                cpu.share(PAGE, 2 * PAGE);
                assertThrows(RuntimeException.class, () -> cpu.share(8 * PAGE, PAGE));
            });
            assertEquals(List.of("GUEST_CALL 4096 8192 shared", "GUEST_CALL 32768 4096 shared"), seen);
            assertEquals(1, machine.vm.stats().conversions().refused());
            assertEquals(MemoryKind.PRIVATE, machine.vm.attributes().kind(8 * PAGE));
        }
    }

    @Test
    void shouldRefuseChangesFromInsideOfThePolicy() {
        List<Errno> errors = new ArrayList<>();
        Machine[] cell = new Machine[1];
        try (Machine machine = new Machine(Machine.software(), options -> options.with(request -> {
            errors.add(assertThrows(GuestMemoryException.class,
                    () -> cell[0].vm.conversions().convert(0, PAGE, MemoryKind.SHARED)).errno());
            errors.add(assertThrows(GuestMemoryException.class, () -> cell[0].store.punchHole(0, PAGE)).errno());
            errors.add(assertThrows(GuestMemoryException.class, () -> cell[0].vm.slots().delete(0)).errno());
            return ConversionDecision.ALLOW;
        }))) {
            cell[0] = machine;
            assertEquals(0, machine.vm.conversions().request(0, PAGE, PAGE, MemoryKind.SHARED));
            assertEquals(List.of(Errno.EBUSY, Errno.EBUSY, Errno.EBUSY), errors);
        }
    }

    @Test
    void shouldPrepareAllParticipantsBeforeAChangeAndAbortAfterAVeto() {
        List<String> told = new ArrayList<>();
        boolean[] veto = {true};
        try (Machine machine = new Machine(Machine.software(),
                options -> options.with(recorder("a", told, new boolean[1]))
                        .with(recorder("b", told, veto)))) {
            told.clear();
            GuestMemoryException refused = assertThrows(GuestMemoryException.class,
                    () -> machine.vm.conversions().convert(0, PAGE, MemoryKind.SHARED));
            assertEquals(Errno.EAGAIN, refused.errno());
            assertEquals(List.of("b"), refused.holders());
            assertEquals(List.of("a prepare", "b prepare", "a abort"), told);
            assertEquals(MemoryKind.PRIVATE, machine.vm.attributes().kind(0));
            told.clear();
            veto[0] = false;
            machine.vm.conversions().convert(0, PAGE, MemoryKind.SHARED);
            assertEquals(List.of("a prepare", "b prepare", "a commit", "b commit"), told);
        }
    }

    private static Participant recorder(String name, List<String> told, boolean[] veto) {
        return new Participant() {
            private boolean ready;

            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean prepare(ConversionRequest request) {
                told.add(name + " prepare");
                boolean answer = !ready || !veto[0];
                ready = true; // the set-up converts once
                return answer;
            }

            @Override
            public void commit(ConversionRequest request) {
                told.add(name + " commit");
            }

            @Override
            public void abort(ConversionRequest request) {
                told.add(name + " abort");
            }
        };
    }

    @Test
    void shouldDoWithTheBytesWhatThePolicySays() {
        assertEquals(5, afterSharing("after=keep"));
        assertEquals(0, afterSharing("after=zero"));
        assertEquals(0, afterSharing("after=discard"));
        long scrambled = afterSharing("after=scramble");
        assertFalse(scrambled == 5 || scrambled == 0, "scrambled to " + scrambled);
    }

    private static long afterSharing(String policy) {
        try (Machine machine = new Machine(Machine.software(policy))) {
            machine.run(cpu -> {
                cpu.storeLong(PAGE, 5);
                cpu.storeLong(2 * PAGE, 6);
                cpu.share(PAGE, PAGE);
                assertEquals(6, cpu.loadLong(2 * PAGE));
            });
            return machine.mapping.loadLong(PAGE);
        }
    }
}
