package org.enclosure.tck.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.junit.jupiter.api.Test;

/// Schedules one after the other, those with fewer preemptions first. CI takes some pairs and triples, other ones with each seed, for
/// a short time; all of them with `-Denclosure.schedule.minutes=10`, which is shared out evenly; the same again with
/// `-Denclosure.seed=N`.
class AllSchedulesTest {
    private static final int MINUTES = Integer.getInteger("enclosure.schedule.minutes", 0);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());
    private static final int PAIR_PREEMPTIONS = 3;
    private static final int TRIPLE_PREEMPTIONS = 2;
    private static final List<Subject> SUBJECTS = List.of(Subject.values());
    private static final int IN_CI = 3;
    private static final int RUNS_IN_CI = 500;

    private final WovenScenes scenes = new WovenScenes(Map.of(), Weave.POINTS);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long runs;
    private long distinct;
    private int leastCompleted = Integer.MAX_VALUE;

    @Test
    void shouldHoldForAllPairs() {
        List<List<Act>> pairs = new ArrayList<>();
        for (Act one : Act.values()) {
            for (Act other : Act.values()) {
                if (one.compareTo(other) <= 0) {
                    pairs.add(List.of(one, other));
                }
            }
        }
        explore(pairs, PAIR_PREEMPTIONS);
    }

    @Test
    void shouldHoldForAllTriples() {
        List<List<Act>> triples = new ArrayList<>();
        for (Act one : Act.values()) {
            for (Act other : Act.values()) {
                for (Act third : Act.values()) {
                    if (one.compareTo(other) <= 0 && other.compareTo(third) <= 0) {
                        triples.add(List.of(one, other, third));
                    }
                }
            }
        }
        explore(triples, TRIPLE_PREEMPTIONS);
    }

    private void explore(List<List<Act>> all, int preemptions) {
        System.out.println("seed " + SEED);
        long start = System.nanoTime();
        int count = MINUTES == 0 ? IN_CI : all.size();
        int from = random.nextInt(all.size());
        for (int i = 0; i < count; i++) {
            explore(all.get((from + i) % all.size()), preemptions, TimeUnit.MINUTES.toNanos(MINUTES) / 2 / count);
        }
        System.out.println(count + " of " + all.size() + ", up to " + preemptions + " preemptions: " + runs
                + " schedules, " + distinct + " distinct, in " + (System.nanoTime() - start) / 1_000_000
                + " ms; complete up to "
                + leastCompleted + " preemptions");
        assertTrue(distinct > 2L * count, "only " + distinct + " schedules");
    }

    private void explore(List<Act> acts, int preemptions, long nanos) {
        Subject subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
        boolean startsShared = random.nextBoolean();
        Explorer explorer = new Explorer(scenes.race(subject, startsShared, acts.toArray(Act[]::new)), acts.size(),
                preemptions);
        long start = System.nanoTime();
        ScheduledRun.Result failed = explorer.all(
                () -> MINUTES == 0 ? explorer.runs() < RUNS_IN_CI : System.nanoTime() - start < nanos, random);
        runs += explorer.runs();
        distinct += explorer.distinct();
        leastCompleted = Math.min(leastCompleted, explorer.completed());
        String what = subject + (startsShared ? " shared " : " private ") + acts;
        System.out.println(what + ": " + explorer.runs() + " schedules, " + explorer.distinct()
                + " distinct, complete up to " + explorer.completed() + " preemptions");
        if (failed != null) {
            ScheduledRun.Result minimal = explorer.minimal(failed);
            throw new AssertionError(
                    what + ", plan " + minimal.plan() + ", seed " + SEED + ": " + failed.failure() + "\n"
                            + String.join("\n", minimal.trace()),
                    failed.failure());
        }
    }
}
