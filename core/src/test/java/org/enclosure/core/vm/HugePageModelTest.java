package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.LARGE;
import static org.enclosure.core.vm.Machine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.vcpu.GuestCpu;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random conversions, holes and merges of a few blocks of 2M against a model of what each page holds. Another seed or the
/// same again: `-Denclosure.seed=N`.
@Timeout(120)
class HugePageModelTest {
    private static final int BLOCKS = 3;
    private static final int PAGES = (int) (BLOCKS * LARGE / PAGE);
    private static final int STEPS = Integer.getInteger("enclosure.model.steps", 400);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());

    private final long[] values = new long[PAGES];
    private final boolean[] isPrivate = new boolean[PAGES];
    private final SplittableRandom dice = new SplittableRandom(SEED);
    private long next = 1;

    static List<Machine.Kind> kinds() {
        return List.of(Machine.software(), Machine.test("core-owned"), Machine.test("backend-owned"),
                Machine.test("backend-both"),
                new Machine.Kind("test", "backend-owned", List.of("table=conversion")),
                new Machine.Kind("test", "backend-owned", List.of("after=discard")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldKeepEveryPageOverSplitsAndMerges(Machine.Kind kind) {
        System.out.println("seed " + SEED);
        boolean keeps = kind.architecture().equals("software");
        long merged = 0;
        try (Machine machine = new Machine(kind)) {
            Arrays.fill(isPrivate, true);
            machine.run(cpu -> cpu.accept(0, PAGES * PAGE));
            touchAll(machine);
            for (int step = 0; step < STEPS; step++) {
                switch (dice.nextInt(8)) {
                    case 0, 1, 2 -> convert(machine, keeps);
                    case 3 -> punch(machine);
                    case 4 -> {
                        unify(machine, keeps);
                        touchAll(machine);
                        merged += machine.vm.recoverHugePages();
                    }
                    case 5 -> merged += machine.vm.recoverHugePages();
                    case 6 -> touchAll(machine);
                    default -> write(machine);
                }
                check(machine, step);
            }
        }
        // A page that was discarded comes back in the frame of its block by luck alone.
        boolean mayMerge = kind.type().startsWith("backend") && !kind.policies().contains("after=discard");
        assertTrue(merged > 0 || !mayMerge, "nothing was merged; seed " + SEED);
    }

    private int length() {
        return dice.nextInt(4) == 0 ? 1 + dice.nextInt(PAGES) : 1 + dice.nextInt(3);
    }

    private void convert(Machine machine, boolean keeps) {
        int count = length();
        int first = dice.nextInt(PAGES - count + 1);
        convert(machine, first, count, dice.nextBoolean(), keeps);
    }

    /// Makes a block private again, of frames that are one block, so that it can be merged.
    private void unify(Machine machine, boolean keeps) {
        int block = dice.nextInt(BLOCKS) * PAGES / BLOCKS;
        if (dice.nextBoolean()) {
            punch(machine, block, PAGES / BLOCKS);
            convert(machine, block, PAGES / BLOCKS, true, keeps);
            touchAll(machine);
            convert(machine, block + 7, 2, false, keeps);
        }
        for (int page = block; page < block + PAGES / BLOCKS; page++) {
            if (!isPrivate[page]) {
                convert(machine, page, 1, true, keeps);
            }
        }
    }

    private void convert(Machine machine, int first, int count, boolean toPrivate, boolean keeps) {
        machine.vm.conversions().convert(first * PAGE, count * PAGE, MemoryKind.of(toPrivate));
        for (int page = first; page < first + count; page++) {
            if (isPrivate[page] != toPrivate) {
                isPrivate[page] = toPrivate;
                values[page] = keeps ? values[page] : 0;
            }
        }
        accept(machine, first, count);
    }

    /// The private pages of a range: acceptance of a shared one would convert it.
    private void accept(Machine machine, int first, int count) {
        machine.run(cpu -> {
            for (int page = first; page < first + count; page++) {
                if (isPrivate[page]) {
                    cpu.accept(page * PAGE, PAGE);
                }
            }
        });
    }

    private void punch(Machine machine) {
        int count = length();
        punch(machine, dice.nextInt(PAGES - count + 1), count);
    }

    private void punch(Machine machine, int first, int count) {
        machine.store.punchHole(first * PAGE, count * PAGE);
        Arrays.fill(values, first, first + count, 0);
        accept(machine, first, count);
    }

    private void write(Machine machine) {
        int page = dice.nextInt(PAGES);
        long value = next++;
        machine.run(cpu -> cpu.storeLong(address(cpu, page), value));
        values[page] = value;
    }

    private void touchAll(Machine machine) {
        machine.run(cpu -> {
            for (int page = 0; page < PAGES; page++) {
                cpu.storeLong(address(cpu, page), next);
                values[page] = next++;
            }
        });
    }

    private long address(GuestCpu cpu, int page) {
        return cpu.address(page * PAGE, isPrivate[page]) + PAGE - Long.BYTES;
    }

    private void check(Machine machine, int step) {
        machine.run(cpu -> {
            for (int i = 0; i < 40; i++) {
                int page = dice.nextInt(PAGES);
                assertEquals(values[page], cpu.loadLong(address(cpu, page)),
                        () -> "page " + page + " after step " + step + ", seed " + SEED);
            }
        });
        for (int i = 0; i < 10; i++) {
            int page = dice.nextInt(PAGES);
            if (!isPrivate[page]) {
                assertEquals(values[page], machine.mapping.loadLong((page + 1) * PAGE - Long.BYTES),
                        () -> "the host's view of page " + page + " after step " + step + ", seed " + SEED);
            }
        }
    }
}
