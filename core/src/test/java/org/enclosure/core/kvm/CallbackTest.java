package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Policies and participants that ask again, throw the worst, or give no answer: what was asked for happens, or nothing does.
class CallbackTest {
    private static final long NOTHING = 1L << 40;

    /// A participant that writes down what it is told, and does one thing with it.
    private record Witness(String name, List<String> told, Consumer<String> act) implements Participant {
        private void tell(String phase) {
            told.add(name + " " + phase);
            act.accept(phase);
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            tell("prepare");
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
            tell("commit");
        }

        @Override
        public void abort(ConversionRequest request) {
            tell("abort");
        }
    }

    @Test
    @DisplayName("a participant that asks for another range is refused, and the range of the request stays what it was")
    void shouldConvertTheRangeThatWasAskedForWhateverAParticipantAsks() {
        AtomicReference<GuestVm> cell = new AtomicReference<>();
        Witness nosy = new Witness("nosy", new ArrayList<>(),
                phase -> assertEquals(Errno.EBUSY, assertThrows(GuestMemoryException.class,
                        () -> cell.get().vm.conversions().convert(4 * PAGE, PAGE, MemoryKind.PRIVATE)).errno()));
        try (GuestVm m = GuestVm.with(options -> options.with(nosy))) {
            cell.set(m);
            m.vm.conversions().convert(PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
            assertEquals(MemoryKind.SHARED, m.kind(4 * PAGE));
        }
    }

    @Test
    @DisplayName("a policy that asks for another range is answered EBUSY, and decides about the range of the request")
    void shouldDecideAboutTheRangeThatWasAskedForWhateverThePolicyAsks() {
        AtomicReference<GuestVm> cell = new AtomicReference<>();
        List<Long> answers = new ArrayList<>();
        try (GuestVm m = GuestVm.with(options -> options.with((ConversionPolicy) request -> {
            answers.add(cell.get().vm.conversions().request(0, 4 * PAGE, PAGE, MemoryKind.PRIVATE));
            return ConversionDecision.ALLOW;
        }))) {
            cell.set(m);
            assertEquals(0, m.vm.conversions().request(0, PAGE, PAGE, MemoryKind.PRIVATE));
            assertEquals(List.of((long) -Errno.EBUSY.number()), answers);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
            assertEquals(MemoryKind.SHARED, m.kind(4 * PAGE));
        }
    }

    @Test
    @DisplayName("an error thrown in prepare is a veto with its cause: those asked before abort")
    void shouldAbortTheOthersWhenAParticipantThrowsAnError() {
        List<String> told = new ArrayList<>();
        AssertionError thrown = new AssertionError("participant");
        try (GuestVm m = GuestVm.with(options -> options.with(new Witness("first", told, phase -> {
        })).with(new Witness("broken", told, phase -> {
            throw thrown;
        })))) {
            GuestMemoryException veto = assertThrows(GuestMemoryException.class,
                    () -> m.store.convert(PAGE, PAGE, MemoryKind.PRIVATE));
            assertEquals(Errno.EAGAIN, veto.errno());
            assertEquals(List.of("broken"), veto.holders());
            assertSame(thrown, veto.getCause());
            assertEquals(List.of("first prepare", "broken prepare", "first abort"), told);
            assertEquals(MemoryKind.SHARED, m.kind(PAGE));
        }
    }

    @Test
    @DisplayName("an error thrown in commit keeps nobody behind it from being told")
    void shouldTellAllParticipantsOfACommitThatThrows() {
        List<String> told = new ArrayList<>();
        try (GuestVm m = GuestVm.with(options -> options.with(new Witness("broken", told, phase -> {
            if (phase.equals("commit")) {
                throw new AssertionError("participant");
            }
        })).with(new Witness("last", told, phase -> {
        })))) {
            m.store.convert(PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(List.of("broken prepare", "last prepare", "broken commit", "last commit"), told);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }

    @Test
    @DisplayName("a policy that throws an error or gives no decision refuses: the guest gets EINVAL and runs on")
    void shouldTakeAnythingButADecisionAsARefusal() {
        ConversionPolicy broken = request -> {
            if (request.gpa() == 0) {
                throw new AssertionError("policy");
            }
            return undecided();
        };
        try (GuestVm m = GuestVm.with(options -> options.with(broken))) {
            m.run(cpu -> {
                assertEquals(-22, mapGpaRange(cpu, 0, PAGE, ENCRYPTED));
                assertEquals(-22, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                cpu.storeLong(0, 1);
            });
            assertEquals(2, m.vm.stats().conversions().refused());
        }
    }

    @Test
    @DisplayName("a guest that catches what stops it gets no access more, and its exit stays")
    void shouldStopAGuestThatDoesNotLetTheStopPass() {
        try (GuestVm m = GuestVm.with()) {
            m.run(cpu -> cpu.storeLong(PAGE, 1));
            VmExit exit = m.run(cpu -> {
                cpu.storeLong(PAGE, 2);
                assertThrows(Throwable.class, () -> cpu.loadLong(NOTHING));
                assertThrows(Throwable.class, () -> cpu.storeLong(PAGE, 3));
                assertThrows(Throwable.class, () -> cpu.compareAndSwap(PAGE, 2, 3));
                assertThrows(Throwable.class, () -> mapGpaRange(cpu, 2 * PAGE, PAGE, ENCRYPTED));
                assertThrows(Throwable.class, cpu::poll);
            }, seen -> ExitAction.STOP);
            assertEquals(ExitReason.MMIO, exit.reason());
            assertEquals(NOTHING, exit.gpa());
            assertEquals(1, m.exits("mmio"));
            assertEquals(2, m.mapping.loadLong(PAGE));
            assertEquals(ExitReason.HALTED, m.run(cpu -> cpu.storeLong(PAGE, 4)).reason());
        }
    }

    @Test
    @DisplayName("a guest that catches what the VMM's handler throws is out of the guest, and reaches nothing")
    void shouldStopAGuestThatCatchesWhatAHandlerThrows() {
        try (GuestVm m = GuestVm.with()) {
            VmExit exit = m.run(cpu -> {
                cpu.storeLong(PAGE, 1);
                assertThrows(IllegalStateException.class, () -> mapGpaRange(cpu, 2 * PAGE, PAGE, ENCRYPTED));
                assertThrows(Throwable.class, () -> cpu.storeLong(PAGE, 2));
            }, seen -> {
                throw new IllegalStateException("handler");
            });
            assertEquals(ExitReason.HYPERCALL, exit.reason());
            assertEquals(1, m.mapping.loadLong(PAGE));
            assertEquals(ExitReason.HALTED, m.run(cpu -> cpu.storeLong(PAGE, 4)).reason());
        }
    }

    @SuppressWarnings("NullAway") // what an embedder without null checks may do
    private static ConversionDecision undecided() {
        return null;
    }
}
