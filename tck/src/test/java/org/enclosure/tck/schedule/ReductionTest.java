package org.enclosure.tck.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.enclosure.tck.schedule.Plan.Preemption;
import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.junit.jupiter.api.Test;

/// What the search leaves out changes nothing: it sees every end and every order of conflicting steps that all schedules together
/// have. More: `-Denclosure.schedule.rounds=100`; the same again: `-Denclosure.seed=N`.
class ReductionTest {
    private static final int ROUNDS = Integer.getInteger("enclosure.schedule.rounds", 1);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());

    private final SplittableRandom random = new SplittableRandom(SEED);
    private int allRuns;
    private int searchRuns;

    @Test
    void shouldSeeEveryEndOfTwoThreadsWithThreePreemptions() {
        for (int i = 0; i < 25 * ROUNDS; i++) {
            compare(SmallRace.Program.random(random, 2, 4, 3), 3);
        }
        assertLess();
    }

    @Test
    void shouldSeeEveryEndOfThreeThreadsWithTwoPreemptions() {
        for (int i = 0; i < 12 * ROUNDS; i++) {
            compare(SmallRace.Program.random(random, 3, 3, 3), 2);
        }
        assertLess();
    }

    @Test
    void shouldSeeEveryOrderOfTheEngineWithOnePreemption() {
        WovenScenes scenes = new WovenScenes(Map.of(), Weave.POINTS);
        List<List<Act>> pairs = List.of(List.of(Act.PIN, Act.HOST_ACCESS), List.of(Act.HOST_ACCESS, Act.PUNCH));
        for (List<Act> pair : pairs) {
            Supplier<Race> races = scenes.race(Subject.SOFTWARE, true, pair.toArray(Act[]::new));
            ScheduledRun.of(races, Plan.of(0), false); // loads classes, whose constants have names in the first run alone
            Set<Long> all = allHashes(races, 2, 1);
            Set<Long> found = new TreeSet<>();
            Search search = search(races, 2, found);
            assertTrue(search.complete(1, 2), String.valueOf(search.failed()));
            assertEquals(all, found, pair + ", seed " + SEED);
        }
        assertLess();
    }

    private void assertLess() {
        System.out.println("seed " + SEED + ": " + searchRuns + " runs instead of " + allRuns);
        assertTrue(2 * searchRuns < allRuns, searchRuns + " runs of " + allRuns);
    }

    private void compare(SmallRace.Program program, int most) {
        int threads = program.threads().size();
        List<String> ends = Collections.synchronizedList(new ArrayList<>());
        Set<Long> all = allHashes(() -> new SmallRace(program, ends), threads, most);
        Set<String> allEnds = new TreeSet<>(ends);
        ends.clear();
        Set<Long> found = new TreeSet<>();
        Search search = search(() -> new SmallRace(program, ends), threads, found);
        assertTrue(search.complete(most, threads), String.valueOf(search.failed()));
        assertEquals(allEnds, new TreeSet<>(ends), program + ", seed " + SEED);
        Set<Long> missing = new TreeSet<>(all);
        missing.removeAll(found);
        assertEquals(Set.of(), missing, found.size() + " of " + all.size() + " of " + program + ", seed " + SEED);
        assertEquals(all, found, program + ", seed " + SEED);
    }

    private Search search(Supplier<Race> races, int threads, Set<Long> found) {
        return new Search(plan -> {
            ScheduledRun.Result result = ScheduledRun.of(races, plan, false);
            searchRuns++;
            found.add(result.hash());
            return result;
        }, threads, random, () -> true);
    }

    /// The hashes of all schedules, at every point.
    private Set<Long> allHashes(Supplier<Race> races, int threads, int most) {
        Set<Long> hashes = new TreeSet<>();
        for (int first = 0; first < threads; first++) {
            run(races, Plan.of(first), threads, most, hashes);
        }
        return hashes;
    }

    private void run(Supplier<Race> races, Plan plan, int threads, int left, Set<Long> hashes) {
        ScheduledRun.Result result = ScheduledRun.of(races, plan, false);
        assertNull(result.failure(), () -> plan + ": " + result.failure());
        allRuns++;
        hashes.add(result.hash());
        StepLog log = result.log();
        for (int point = plan.lastPoint() + 1; point <= result.points(); point++) {
            int cost = log.cost(point);
            for (int to = 0; to < threads && cost <= left; to++) {
                if (to != log.threadAt(point) && !log.isDone(to, log.stepsAt(point))) {
                    run(races, plan.with(new Preemption(point, to)), threads, left - cost, hashes);
                }
            }
        }
    }
}
