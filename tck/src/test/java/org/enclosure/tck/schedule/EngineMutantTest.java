package org.enclosure.tck.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every wrong engine is found by an assertion, not by a crash. All of them: `-Denclosure.mutants=all`.
class EngineMutantTest {
    private static final long SEED = Long.getLong("enclosure.seed", 1);
    private static final int BATCHES = 40;
    private static final int STEPS = 6_000;
    private static final int FURTHER = 6;
    private static final String SOFTWARE = "org.enclosure.software.SoftwareProvider,software-protected";

    static Stream<EngineMutant> mutants() {
        boolean all = "all".equals(System.getProperty("enclosure.mutants"));
        return Stream.of(EngineMutant.values()).filter(one -> all || EngineMutant.QUICK.contains(one));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void shouldFindAWrongEngine(EngineMutant mutant) throws ReflectiveOperationException {
        if (mutant.acts().isEmpty()) {
            findByTheDriver(mutant);
        } else {
            findByTheScheduler(mutant);
        }
    }

    private static void findByTheScheduler(EngineMutant mutant) {
        WovenScenes scenes = new WovenScenes(Map.of(mutant.changedClass(), mutant.change()), Weave.POINTS);
        Explorer explorer = new Explorer(
                scenes.race(Subject.SOFTWARE, mutant.startsShared(), mutant.acts().toArray(Act[]::new)),
                mutant.acts().size(), 3);
        SplittableRandom random = new SplittableRandom(SEED);
        ScheduledRun.Result failed = explorer.corners("FaultCore>", "mutant", 0);
        failed = failed == null ? explorer.corners("FaultCore>", "MemoryChanges>", FURTHER) : failed;
        failed = failed == null ? explorer.corners("FaultCore>", "TranslationDomain>", FURTHER) : failed;
        for (int batch = 0; failed == null && batch < BATCHES; batch++) {
            failed = explorer.sweep(BATCHES, batch);
            failed = failed == null ? explorer.random(BATCHES, random) : failed;
        }
        assertNotNull(failed, mutant + " was not found in " + explorer.runs() + " schedules, seed " + SEED);
        assertInstanceOf(AssertionError.class, failed.failure(), mutant + ": " + failed.failure());
        ScheduledRun.Result minimal = explorer.minimal(failed);
        System.out.println(mutant + ": found in schedule " + explorer.runs() + ", plan " + minimal.plan() + ": "
                + minimal.failure());
    }

    private static void findByTheDriver(EngineMutant mutant) throws ReflectiveOperationException {
        WovenLoader loader = new WovenLoader(Map.of(mutant.changedClass(), mutant.change()), Weave.NONE);
        @SuppressWarnings("unchecked") UnaryOperator<String> driver = (UnaryOperator<String>) loader
                .loadClass("org.enclosure.tck.random.DriverProgram").getConstructor().newInstance();
        String found = driver.apply(SOFTWARE + ",4k," + SEED + "," + STEPS);
        found = found.isEmpty() ? driver.apply(SOFTWARE + ",2m," + SEED + "," + STEPS) : found;
        assertFalse(found.isEmpty(), mutant + " was not found in " + 2 * STEPS + " steps, seed " + SEED);
        System.out.println(mutant + ": " + found);
    }
}
