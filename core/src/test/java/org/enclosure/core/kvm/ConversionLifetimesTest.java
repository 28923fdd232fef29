package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.GuestVm.answer;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.slot.Memslot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls from inside of callbacks, callbacks that throw, and ends of things that somebody still uses.
class ConversionLifetimesTest {
    private static Errno refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    /// A participant that does one thing in each phase.
    private record Acting(String name, Runnable prepare, Runnable commit, Runnable abort) implements Participant {
        @Override
        public boolean prepare(ConversionRequest request) {
            prepare.run();
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
            commit.run();
        }

        @Override
        public void abort(ConversionRequest request) {
            abort.run();
        }
    }

    private static void nothing() {
        // A phase in which the participant does nothing.
    }

    // ---- re-entrance ----------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("from an exit handler conversions, punches, slots and reboots of others are legal")
    void shouldAllowChangesFromAnExitHandler() {
        try (GuestVm m = GuestVm.with()) {
            VmExit end = m.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                assertEquals(0, cpu.loadLong(2 * PAGE));
            }, exit -> {
                m.store.convert(exit.gpa(), exit.bytes(), MemoryKind.PRIVATE);
                m.store.convert(4 * PAGE, PAGE, MemoryKind.PRIVATE);
                m.store.punchHole(2 * PAGE, PAGE);
                m.vm.slots().delete(0);
                m.vm.slots().create(Memslot.ofStore(0, 0, RAM, m.store, 0));
                assertEquals(Errno.EBUSY, refused(m.vm::reboot), "not while this vCPU runs");
                return answer(exit, 0);
            });
            assertEquals(ExitReason.HALTED, end.reason());
            assertEquals(MemoryKind.PRIVATE, m.kind(4 * PAGE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "commit", "abort"})
    @DisplayName("from a participant every change is refused by name, in each phase")
    void shouldRefuseChangesFromAParticipant(String phase) {
        List<String> refusals = new ArrayList<>();
        AtomicReference<GuestVm> cell = new AtomicReference<>();
        Runnable act = () -> {
            GuestVm m = cell.get();
            for (Runnable change : List.<Runnable>of(() -> m.vm.conversions().convert(0, PAGE, MemoryKind.PRIVATE),
                    () -> m.store.convert(0, PAGE, MemoryKind.PRIVATE), () -> m.store.punchHole(0, PAGE),
                    () -> m.vm.slots().delete(0))) {
                GuestMemoryException refusal = assertThrows(GuestMemoryException.class, change::run);
                assertEquals(Errno.EBUSY, refusal.errno());
                refusals.add(refusal.getMessage());
            }
        };
        Participant acting = new Acting("nosy", phase.equals("prepare") ? act : ConversionLifetimesTest::nothing,
                phase.equals("commit") ? act : ConversionLifetimesTest::nothing,
                phase.equals("abort") ? act : ConversionLifetimesTest::nothing);
        try (GuestVm m = GuestVm.with(options -> options.with(acting))) {
            cell.set(m);
            if (phase.equals("abort")) {
                try (Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
                    assertEquals(Errno.EAGAIN, refused(() -> m.store.convert(PAGE, PAGE, MemoryKind.PRIVATE)),
                            pin.holder());
                }
            } else {
                m.store.convert(PAGE, PAGE, MemoryKind.PRIVATE);
            }
            assertEquals(4, refusals.size());
            assertTrue(refusals.stream().allMatch(text -> text.contains("participant nosy")), refusals::toString);
            assertEquals(MemoryKind.SHARED, m.kind(0));
        }
    }

    @Test
    @DisplayName("convert=pending: a participant that unpins in prepare does not convert from inside")
    void shouldNotSettleFromInsideOfAParticipant() {
        AtomicReference<@Nullable Pin> pin = new AtomicReference<>();
        Participant releases = new Acting("device", () -> {
            Pin held = pin.getAndSet(null);
            if (held != null) {
                held.close();
            }
        }, ConversionLifetimesTest::nothing, ConversionLifetimesTest::nothing);
        try (GuestVm m = GuestVm.with(options -> options.with("exit", "unshare").with(releases), "convert=pending")) {
            m.run(cpu -> {
                pin.set(m.mapping.pin(PAGE, PAGE, "device"));
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
            });
            assertNull(pin.get());
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }

    // ---- throwing callbacks ---------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a handler that throws ends the run with its own exception; the next run works")
    void shouldPassOnWhatAHandlerThrows() {
        for (String convert : List.of("store", "vcpu-2a", "pending")) {
            try (GuestVm m = GuestVm.exitingBy("unshare", "convert=" + convert)) {
                IllegalStateException thrown = new IllegalStateException("handler");
                assertEquals(thrown, assertThrows(IllegalStateException.class,
                        () -> m.run(cpu -> mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED), exit -> {
                            throw thrown;
                        })));
                assertEquals(MemoryKind.SHARED, m.kind(PAGE), "not half a conversion");
                assertEquals(0, m.vm.stats().conversions().pending());
                m.run(cpu -> cpu.unshare(PAGE, PAGE));
                assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "commit", "abort"})
    @DisplayName("a participant that throws: in prepare a veto, later nothing but a log line")
    void shouldSurviveAParticipantThatThrows(String phase) {
        Runnable boom = () -> {
            throw new IllegalStateException("participant");
        };
        Participant throwing = new Acting("broken", phase.equals("prepare") ? boom : ConversionLifetimesTest::nothing,
                phase.equals("commit") ? boom : ConversionLifetimesTest::nothing,
                phase.equals("abort") ? boom : ConversionLifetimesTest::nothing);
        List<String> told = new ArrayList<>();
        Participant witness = new Acting("witness", () -> told.add("prepare"), () -> told.add("commit"),
                () -> told.add("abort"));
        try (GuestVm m = GuestVm.with(options -> options.with(witness).with(throwing))) {
            if (phase.equals("prepare")) {
                GuestMemoryException veto = assertThrows(GuestMemoryException.class,
                        () -> m.store.convert(0, PAGE, MemoryKind.PRIVATE));
                assertEquals(Errno.EAGAIN, veto.errno());
                assertEquals(List.of("broken"), veto.holders());
                assertEquals(List.of("prepare", "abort"), told);
                assertEquals(MemoryKind.SHARED, m.kind(0));
            } else if (phase.equals("commit")) {
                m.store.convert(0, PAGE, MemoryKind.PRIVATE);
                assertEquals(List.of("prepare", "commit"), told);
                assertEquals(MemoryKind.PRIVATE, m.kind(0));
            } else {
                try (Pin pin = m.mapping.pin(0, PAGE, "vfio")) {
                    assertEquals(Errno.EAGAIN, refused(() -> m.store.convert(0, PAGE, MemoryKind.PRIVATE)),
                            pin.holder());
                }
                assertEquals(List.of("prepare", "abort"), told);
            }
        }
    }

    @Test
    @DisplayName("a policy that throws is a refusal with EINVAL")
    void shouldTreatAThrowingPolicyAsARefusal() {
        try (GuestVm m = GuestVm.with(options -> options.with(request -> {
            throw new IllegalStateException("policy");
        }))) {
            m.run(cpu -> assertEquals(-22, mapGpaRange(cpu, 0, PAGE, ENCRYPTED)));
            assertEquals(MemoryKind.SHARED, m.kind(0));
            assertEquals(1, m.vm.stats().conversions().refused());
        }
    }

    // ---- ends -----------------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a VM does not close under a vCPU, and does when it was kicked")
    void shouldNotCloseAVmUnderAVcpu() throws Exception {
        try (GuestVm m = GuestVm.with()) {
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<VmExit> end = GuestVm.start(m.vcpu, cpu -> {
                inside.countDown();
                for (;;) {
                    cpu.storeLong(PAGE, cpu.loadLong(PAGE) + 1);
                }
            }, exit -> ExitAction.STOP);
            assertTrue(inside.await(60, TimeUnit.SECONDS));
            assertThrows(IllegalStateException.class, m.vm::close);
            m.vcpu.kick();
            assertEquals(ExitReason.INTERRUPTED, end.get(60, TimeUnit.SECONDS).reason());
            m.vm.close();
            assertEquals(Errno.EBADF, refused(m.vm::reboot));
        }
    }

    @Test
    @DisplayName("a store closes under a vCPU inside: its next access is a MEMORY_FAULT, EFAULT")
    void shouldCloseAStoreUnderAVcpu() throws Exception {
        try (GuestVm m = GuestVm.with()) {
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<VmExit> end = GuestVm.start(m.vcpu, cpu -> {
                for (;;) {
                    cpu.storeLong(PAGE, cpu.loadLong(PAGE) + 1);
                    inside.countDown();
                }
            }, exit -> ExitAction.STOP);
            assertTrue(inside.await(60, TimeUnit.SECONDS));
            m.store.close();
            VmExit exit = end.get(60, TimeUnit.SECONDS);
            assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
            assertEquals(Errno.EFAULT, exit.errno());
        }
    }

    @Test
    @DisplayName("store, mapping and VM close in any order while a pin and a pending request are there; all frames come back")
    void shouldCloseInAnyOrderUnderAPin() {
        for (List<String> order : List.of(List.of("store", "mapping", "vm", "pin"),
                List.of("pin", "mapping", "store", "vm"),
                List.of("vm", "pin", "store", "mapping"), List.of("mapping", "vm", "pin", "store"))) {
            try (GuestVm m = GuestVm.exitingBy("unshare", "convert=pending")) {
                Pin pin = m.mapping.pin(PAGE, 2 * PAGE, "vfio");
                m.run(cpu -> {
                    cpu.storeLong(PAGE, 1);
                    assertEquals(0, mapGpaRange(cpu, 0, 4 * PAGE, ENCRYPTED));
                }, exit -> answer(exit, 0));
                m.vcpu.close();
                for (String what : order) {
                    switch (what) {
                        case "store" -> m.store.close();
                        case "mapping" -> m.mapping.close();
                        case "vm" -> m.vm.close();
                        default -> pin.close();
                    }
                }
                m.process.close();
                assertEquals(m.host.stats().total(), m.host.stats().free(), order::toString);
                assertThrows(HostAccessException.class, () -> pin.loadLong(0));
            }
        }
    }

    @Test
    @DisplayName("a store that closes while a conversion waits in a participant: EBADF or done, nobody hangs")
    void shouldCloseAStoreWhileAConversionWaits() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean aborted = new AtomicBoolean();
        Participant slow = new Acting("slow", () -> {
            waits.countDown();
            try {
                assertTrue(go.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, ConversionLifetimesTest::nothing, () -> aborted.set(true));
        try (GuestVm m = GuestVm.with(options -> options.with(slow))) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    m.store.convert(0, PAGE, MemoryKind.PRIVATE);
                    end.complete(new AssertionError("the store was closed"));
                } catch (GuestMemoryException e) {
                    end.complete(e);
                } catch (RuntimeException | Error e) {
                    end.complete(e);
                }
            });
            thread.start();
            assertTrue(waits.await(60, TimeUnit.SECONDS));
            m.store.close();
            go.countDown();
            Throwable thrown = end.get(60, TimeUnit.SECONDS);
            assertEquals(Errno.EBADF, thrown instanceof GuestMemoryException e ? e.errno() : null, () -> "" + thrown);
            assertTrue(aborted.get());
            assertFalse(m.vm.slots().list().isEmpty(), "the slot stays, empty");
        }
    }

    @Test
    @DisplayName("a vCPU that waits in UNSHARE does not keep others from converting elsewhere")
    void shouldNotBlockOthersWhileAVcpuWaits() throws Exception {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2a"); var second = m.vm.createVcpu(1)) {
            Pin pin = m.mapping.pin(PAGE, PAGE, "vfio");
            CountDownLatch waits = new CountDownLatch(3);
            CompletableFuture<VmExit> end = GuestVm.start(m.vcpu, cpu -> mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED),
                    exit -> {
                        waits.countDown();
                        return ExitAction.RESUME;
                    });
            assertTrue(waits.await(60, TimeUnit.SECONDS));
            second.run(cpu -> assertEquals(0, mapGpaRange(cpu, 4 * PAGE, PAGE, ENCRYPTED)), ExitHandler.POLICY);
            assertEquals(MemoryKind.PRIVATE, m.kind(4 * PAGE));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE));
            pin.close();
            assertEquals(ExitReason.HALTED, end.get(60, TimeUnit.SECONDS).reason());
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }
}
