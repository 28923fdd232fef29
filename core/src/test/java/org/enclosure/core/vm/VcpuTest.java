package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.PAGE;
import static org.enclosure.core.vm.Machine.RAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vm.AccessResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class VcpuTest {
    static List<Machine.Kind> kinds() {
        return Machine.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldLoadAndStoreAtAnyAlignmentAndSize(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.run(cpu -> {
                cpu.accept(0, 4 * PAGE);
                long base = cpu.address(0, true);
                for (long offset : new long[] {0, 3, PAGE - 8, PAGE - 7, PAGE - 1}) {
                    cpu.storeLong(base + offset, 0x0807_0605_0403_0201L);
                    assertEquals(0x0807_0605_0403_0201L, cpu.loadLong(base + offset));
                    assertEquals(1, cpu.load(base + offset, 1));
                    assertEquals(0x0201, cpu.load(base + offset, 2));
                    assertEquals(0x0403_0201, cpu.load(base + offset, 4));
                    cpu.store(base + offset + 1, 2, 0xbeef);
                    assertEquals(0x0807_0605_04be_ef01L, cpu.loadLong(base + offset));
                    cpu.store(base + offset, 1, -1);
                    assertEquals(0x0807_0605_04be_efffL, cpu.loadLong(base + offset));
                }
                assertTrue(cpu.compareAndSwap(base + 64, 0, 9));
                assertFalse(cpu.compareAndSwap(base + 64, 0, 10));
                byte[] bytes = new byte[9001];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (i * 7);
                }
                cpu.write(base + 5, bytes, 0, bytes.length);
                byte[] back = new byte[bytes.length];
                cpu.read(base + 5, back, 0, back.length);
                org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, back);
            });
        }
    }

    @Test
    void shouldWriteNothingOfAnAccessWhoseSecondPageIsNotThere() {
        try (Machine machine = new Machine(Machine.software())) {
            VmExit exit = machine.vcpu.run(cpu -> cpu.storeLong(RAM - 4, -1), seen -> ExitAction.STOP);
            assertEquals(ExitReason.MMIO, exit.reason());
            machine.run(cpu -> assertEquals(0, cpu.load(RAM - 4, 4)));
        }
    }

    @Test
    void shouldExitForMemoryThatIsNotThereAndTakeTheHandlersData() {
        try (Machine machine = new Machine(Machine.test("core-owned"))) {
            List<String> seen = new ArrayList<>();
            machine.vcpu.run(cpu -> {
                assertEquals(0x55, cpu.load(cpu.address(RAM + 16, false), 4));
                cpu.store(cpu.address(RAM + 32, false), 2, 0x1234);
            }, exit -> {
                seen.add(
                        exit.reason() + " " + Long.toHexString(exit.gpa()) + " " + exit.bytes() + " " + exit.isWrite());
                if (!exit.isWrite()) {
                    exit.setData(0x55);
                } else {
                    assertEquals(0x1234, exit.data());
                }
                return ExitAction.RESUME;
            });
            assertEquals(List.of("MMIO 1000010 4 false", "MMIO 1000020 2 true"), seen);
        }
    }

    @Test
    void shouldLetAReadOnlySlotBeReadAndExitForWrites() {
        try (Machine machine = new Machine(Machine.software())) {
            var rom = machine.process.map(PAGE);
            rom.storeLong(0, 77);
            machine.vm.slots().create(Memslot.ofMapping(5, 2 * RAM, PAGE, rom, 0).with(MemslotFlag.READONLY));
            VmExit exit = machine.vcpu.run(cpu -> {
                assertEquals(77, cpu.loadLong(2 * RAM));
                cpu.storeLong(2 * RAM, 1);
            }, seen -> ExitAction.STOP);
            assertEquals(ExitReason.MMIO, exit.reason());
            assertTrue(exit.isWrite());
            assertEquals(77, rom.loadLong(0));
        }
    }

    @Test
    void shouldStopAKickedVcpuInTheMiddleOfItsLoop() throws InterruptedException {
        try (Machine machine = new Machine(Machine.software())) {
            CountDownLatch running = new CountDownLatch(1);
            AtomicReference<ExitReason> reason = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> reason.set(machine.run(cpu -> {
                for (;;) {
                    cpu.storeLong(0, cpu.loadLong(0) + 1);
                    running.countDown();
                }
            }).reason()));
            running.await();
            machine.vcpu.kick();
            thread.join();
            assertEquals(ExitReason.INTERRUPTED, reason.get());
            assertEquals(ExitReason.HALTED, machine.run(cpu -> cpu.loadLong(0)).reason(), "a kick is used up");
        }
    }

    @Test
    void shouldHoldAPausedVcpuStill() throws InterruptedException {
        try (Machine machine = new Machine(Machine.test("backend-owned"))) {
            AtomicLong count = new AtomicLong();
            Thread thread = Thread.ofPlatform().start(() -> machine.run(cpu -> {
                for (;;) {
                    count.set(cpu.loadLong(cpu.address(0, true)) + 1);
                    cpu.storeLong(cpu.address(0, true), count.get());
                }
            }));
            while (count.get() == 0) {
                Thread.onSpinWait();
            }
            machine.vcpu.pause();
            long held = count.get();
            Thread.sleep(20);
            assertTrue(count.get() <= held + 1, "at most the access under way was counted");
            machine.vcpu.resume();
            while (count.get() <= held + 1) {
                Thread.onSpinWait();
            }
            machine.vcpu.kick();
            thread.join();
        }
    }

    @Test
    void shouldRefuseToRunTwiceOnAVirtualThreadOrWhenClosed() throws InterruptedException {
        try (Machine machine = new Machine(Machine.software())) {
            machine.run(cpu -> assertThrows(IllegalStateException.class, () -> machine.run(inner -> {
            })));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread.ofVirtual().start(() -> {
                try {
                    machine.run(cpu -> {
                    });
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            }).join();
            assertTrue(String.valueOf(thrown.get()).contains("platform thread"));
            machine.vcpu.close();
            assertThrows(IllegalStateException.class, () -> machine.run(cpu -> {
            }));
        }
    }

    @Test
    void shouldPassOnWhatAGuestProgramThrowsAndRunAgain() {
        try (Machine machine = new Machine(Machine.test("backend-owned"))) {
            IllegalStateException thrown = new IllegalStateException("guest");
            assertSame(thrown, assertThrows(IllegalStateException.class, () -> machine.run(cpu -> {
                cpu.loadLong(cpu.address(0, true));
                throw thrown;
            })));
            assertEquals(ExitReason.HALTED, machine.run(cpu -> cpu.loadLong(cpu.address(0, true))).reason());
        }
    }

    @Test
    void shouldDeliverEventsToTheGuestsHandlerAndShutDownWithoutOne() {
        try (Machine machine = new Machine(Machine.test("core-owned"))) {
            List<String> seen = new ArrayList<>();
            assertEquals(ExitReason.HALTED, machine.run(cpu -> {
                cpu.onEvent((inner, event, gpa) -> {
                    seen.add(GuestEvent.name(event) + " " + gpa);
                    inner.accept(gpa, PAGE);
                    return true;
                });
                cpu.storeLong(cpu.address(3 * PAGE + 8, true), 1);
                assertEquals(1, cpu.loadLong(cpu.address(3 * PAGE + 8, true)));
            }).reason());
            assertEquals(List.of("unaccepted 12288"), seen);
            VmExit exit = machine.run(cpu -> cpu.loadLong(cpu.address(5 * PAGE, true)));
            assertEquals(ExitReason.SHUTDOWN, exit.reason());
            assertTrue(exit.cause().contains("unaccepted"), exit.cause());
        }
    }

    @Test
    void shouldGiveEachPlaceToOneVcpuOrResolver() {
        try (Machine machine = new Machine(Machine.software())) {
            assertEquals(Errno.EEXIST,
                    assertThrows(GuestMemoryException.class, () -> machine.vm.createVcpu(0)).errno());
            assertEquals(Errno.EINVAL,
                    assertThrows(GuestMemoryException.class, () -> machine.vm.createVcpu(4)).errno());
            assertEquals(Errno.EINVAL,
                    assertThrows(GuestMemoryException.class, () -> machine.vm.createVcpu(-1)).errno());
            try (AccessResolver resolver = machine.vm.createAccessResolver(1)) {
                assertTrue(resolver.store(PAGE + 4, 4, 0xcafe));
                assertTrue(resolver.load(PAGE + 4, 4));
                assertEquals(0xcafe, resolver.value());
                assertFalse(resolver.load(4 * RAM, 8));
                assertEquals(ExitReason.MMIO, resolver.exit().reason());
                assertThrows(IllegalArgumentException.class, () -> resolver.load(0, 3));
            }
            machine.vm.createVcpu(1).close();
        }
    }

    @Test
    void shouldStopAtOnceWhenTheHandlerSaysSo() {
        try (Machine machine = new Machine(Machine.software())) {
            boolean[] after = new boolean[1];
            VmExit exit = machine.vcpu.run(cpu -> {
                cpu.share(PAGE, PAGE);
                after[0] = true;
            }, seen -> ExitAction.STOP);
            assertEquals(ExitReason.HYPERCALL, exit.reason());
            assertEquals(VmExit.MAP_GPA_RANGE, exit.number());
            assertFalse(after[0]);
            assertEquals(ExitReason.HALTED,
                    machine.vcpu.run(cpu -> cpu.share(PAGE, PAGE), ExitHandler.POLICY).reason());
        }
    }

    @Test
    void shouldKeepAnswersOfTheHandlerAwayFromThePolicy() {
        try (Machine machine = new Machine(Machine.software(), options -> options.with(request -> {
            throw new AssertionError("the policy was asked");
        }))) {
            machine.vcpu.run(cpu -> {
                assertThrows(RuntimeException.class, () -> cpu.share(PAGE, PAGE));
                cpu.share(2 * PAGE, PAGE);
            }, exit -> {
                if (exit.gpa() == PAGE) {
                    exit.setResult(-22);
                } else {
                    machine.vm.conversions().convert(exit.gpa(), exit.bytes(), org.enclosure.api.MemoryKind.SHARED);
                    exit.setResult(0);
                }
                return ExitAction.RESUME;
            });
            assertEquals(Set.of(org.enclosure.api.MemoryKind.SHARED), Set.of(machine.vm.attributes().kind(2 * PAGE)));
        }
    }
}
