package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.LARGE;
import static org.enclosure.core.vm.Machine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.vcpu.Vcpu;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Mappings in tables of a backend that were split and are merged again. How many tables there are shows in the host's free frames.
@Timeout(60)
class MergeTest {
    static final List<String> TYPES = List.of("backend-owned", "backend-both");

    private static Machine machine(String type, String... policies) {
        return new Machine(new Machine.Kind("test", type, List.of(policies)));
    }

    /// Writes its own address at each.
    private static void touch(Machine machine, long... gpas) {
        machine.run(cpu -> {
            for (long gpa : gpas) {
                cpu.storeLong(cpu.address(gpa, true), ~gpa);
            }
        });
    }

    private static void check(Machine machine, long... gpas) {
        machine.run(cpu -> {
            for (long gpa : gpas) {
                assertEquals(~gpa, cpu.loadLong(cpu.address(gpa, true)));
            }
        });
    }

    private static void convert(Machine machine, long gpa, MemoryKind kind) {
        machine.vm.conversions().convert(gpa, PAGE, kind);
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void shouldMergeInTheConversionWhatIsAllInTheTablesThen(String type) {
        try (Machine machine = machine(type, "table=conversion")) {
            touch(machine, LARGE, LARGE + 7 * PAGE);
            machine.vm.recoverHugePages(); // hands out what the engine holds in reserve
            convert(machine, LARGE + 5 * PAGE, MemoryKind.SHARED);
            check(machine, LARGE, LARGE + 7 * PAGE);
            assertEquals(0, machine.vm.recoverHugePages(), "the block is mixed");
            convert(machine, LARGE + 5 * PAGE, MemoryKind.PRIVATE);
            assertEquals(0, machine.vm.recoverHugePages(), "it was merged in the conversion");
            check(machine, LARGE, LARGE + 7 * PAGE);
            // Splits again, which a table of small mappings would not have to.
            long free = machine.host.stats().free();
            convert(machine, LARGE + 5 * PAGE, MemoryKind.SHARED);
            assertTrue(machine.host.stats().free() < free, "a table was needed");
        }
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void shouldMergeOnRequestWhatTheGuestHasTouchedSince(String type) {
        try (Machine machine = machine(type)) {
            touch(machine, LARGE, LARGE + 7 * PAGE);
            convert(machine, LARGE + 5 * PAGE, MemoryKind.SHARED);
            convert(machine, LARGE + 5 * PAGE, MemoryKind.PRIVATE);
            assertEquals(0, machine.vm.recoverHugePages(), "one page is not in the tables");
            touch(machine, LARGE + 5 * PAGE);
            long free = machine.host.stats().free();
            assertEquals(1, machine.vm.recoverHugePages());
            assertTrue(machine.host.stats().free() > free, "the table is the host's");
            assertEquals(0, machine.vm.recoverHugePages());
            check(machine, LARGE, LARGE + 5 * PAGE, LARGE + 7 * PAGE);
        }
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void shouldNotMergePagesThatAreNoBlockOfFrames(String type) {
        try (Machine machine = machine(type)) {
            touch(machine, LARGE);
            machine.store.punchHole(LARGE + 5 * PAGE, PAGE);
            long pa = machine.vm.inspect(LARGE + 4 * PAGE).pa() + PAGE;
            touch(machine, 0, LARGE + 5 * PAGE);
            assertEquals(machine.vm.inspect(LARGE + 5 * PAGE).pa() == pa ? 1 : 0, machine.vm.recoverHugePages());
            check(machine, LARGE, LARGE + 5 * PAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend-owned", "backend-both", "core-owned"})
    void shouldMergeUnderARunningVcpu(String type) throws Exception {
        try (Machine machine = machine(type); Vcpu other = machine.vm.createVcpu(1)) {
            machine.run(cpu -> cpu.accept(0, 2 * LARGE));
            touch(machine, LARGE, LARGE + 7 * PAGE);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong rounds = new AtomicLong();
            CompletableFuture<?> guest = CompletableFuture.runAsync(() -> other.run(cpu -> {
                while (!stop.get()) {
                    for (long gpa : new long[] {LARGE, LARGE + 7 * PAGE}) {
                        assertEquals(~gpa, cpu.loadLong(cpu.address(gpa, true)));
                        cpu.storeLong(cpu.address(gpa, true), ~gpa);
                    }
                    rounds.incrementAndGet();
                }
            }, ExitHandler.POLICY), task -> Thread.ofPlatform().start(task));
            long merged = 0;
            for (int i = 0; i < 50; i++) {
                convert(machine, LARGE + 5 * PAGE, MemoryKind.SHARED);
                convert(machine, LARGE + 5 * PAGE, MemoryKind.PRIVATE);
                machine.run(cpu -> cpu.accept(LARGE + 5 * PAGE, PAGE));
                touch(machine, LARGE + 5 * PAGE);
                merged += machine.vm.recoverHugePages();
                long seen = rounds.get();
                while (rounds.get() == seen && !guest.isDone()) {
                    Thread.onSpinWait();
                }
            }
            stop.set(true);
            guest.get();
            assertTrue(merged > 0 || type.equals("core-owned"), "the engine's own leaves go in the conversion");
        }
    }
}
