package org.enclosure.systemtest.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

import org.enclosure.core.mem.AccessOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine under stress, right and wrong. `-Denclosure.seed=N` repeats a run's choices (not its interleaving),
/// `-Denclosure.stress.millis=N` makes each scenario longer, `-Denclosure.stress.all=true` adds the mutants that are found slowly.
class StressTest {
    private static final long MILLIS = Long.getLong("enclosure.stress.millis", 1_200);
    /// A mutant has this long to be found; it ends when it is.
    private static final long MUTANT_MILLIS = Math.max(90_000, MILLIS);

    /// Misses take longer than hits: more accesses are under way when the host looks.
    private static final String SMALL_TLB = "-Denclosure.tlb.bits=6";

    /// A wrong engine may break down before it shows what it is looked at for; then it is tried again.
    private static final int TRIES = 3;

    private final long seed = Long.getLong("enclosure.seed", System.nanoTime());

    @ParameterizedTest
    @ValueSource(strings = {"asymmetric", "symmetric"})
    void shouldMeetNoStaleTranslation(String order) {
        assumeOrder(order);
        ForkedJava java = program(order).run(Long.toString(seed), Long.toString(MILLIS), "2", "false");
        System.out.println(java.output());
        assertEquals(StressMain.CLEAN, java.exitCode(), java.output());
        assertTrue(java.output().startsWith(order) || java.output().contains("\n" + order), java.output());
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindMutant(Mutant mutant, @TempDir Path folder) {
        mutant.change().writeTo(folder);
        assumeTrue(Mutant.QUICK.contains(mutant) || Boolean.getBoolean("enclosure.stress.all"),
                "found too slowly for every build; -Denclosure.stress.all=true runs it");
        assumeOrder(mutant.order());
        ForkedJava java = hunt(mutant, folder, seed);
        for (int again = 1; again < TRIES && !isFound(mutant, java); again++) {
            java = hunt(mutant, folder, seed + again); // it broke down before anything could be seen
        }
        assertEquals(StressMain.FOUND, java.exitCode(), java.output());
        String output = java.output();
        assertTrue(mutant.isShownBy(output), () -> mutant.expected() + " expected: " + output);
    }

    private ForkedJava hunt(Mutant mutant, Path folder, long trySeed) {
        ForkedJava java = program(mutant.order()).with(folder).with(SMALL_TLB)
                .run(Long.toString(trySeed), Long.toString(MUTANT_MILLIS), Integer.toString(mutant.vcpus()), "true",
                        mutant.killer().name());
        System.out.println(mutant + "\n" + java.output());
        return java;
    }

    private static boolean isFound(Mutant mutant, ForkedJava java) {
        return java.exitCode() == StressMain.FOUND && mutant.isShownBy(java.output());
    }

    private ForkedJava.Run program(String order) {
        System.out.println("-Denclosure.seed=" + seed);
        return ForkedJava.of(StressMain.class).with("-Denclosure.access.order=" + order);
    }

    private static void assumeOrder(String order) {
        assumeTrue(order.equals("symmetric") || AccessOrder.ASYMMETRIC,
                () -> "the asymmetric order cannot be had here: " + AccessOrder.describe());
    }
}
