package org.enclosure.tck.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.junit.jupiter.api.Test;

/// Schedules one after the other, those with fewer preemptions first. CI takes some pairs and triples, other ones with each seed, for
/// a short time; all of them are shared out over `-Denclosure.schedule.minutes=10`, or come to their end with
/// `-Denclosure.schedule.minutes=all`; as many at once as there are processors, or `-Denclosure.schedule.workers=1`; the same again
/// with `-Denclosure.seed=N`.
class AllSchedulesTest {
    private static final String MINUTES = System.getProperty("enclosure.schedule.minutes", "0");
    private static final boolean TO_THE_END = MINUTES.equals("all");
    private static final boolean IN_CI = MINUTES.equals("0");
    private static final int WORKERS = Integer.getInteger("enclosure.schedule.workers",
            Runtime.getRuntime().availableProcessors());
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());
    private static final int PAIR_PREEMPTIONS = 3;
    private static final int TRIPLE_PREEMPTIONS = 2;
    private static final List<Subject> SUBJECTS = List.of(Subject.values());
    private static final int COUNT_IN_CI = 3;
    private static final int RUNS_IN_CI = 500;

    private final WovenScenes scenes = new WovenScenes(Map.of(), Weave.POINTS);
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void shouldHoldForAllPairs() throws InterruptedException {
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
    void shouldHoldForAllTriples() throws InterruptedException {
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

    private void explore(List<List<Act>> all, int preemptions) throws InterruptedException {
        System.out.println("seed " + SEED);
        long start = System.nanoTime();
        int count = IN_CI ? COUNT_IN_CI : all.size();
        int from = random.nextInt(all.size());
        List<Future<Explorer>> explored = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            for (int i = 0; i < count; i++) {
                List<Act> acts = all.get((from + i) % all.size());
                Subject subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
                boolean startsShared = random.nextBoolean();
                SplittableRandom own = random.split();
                explored.add(workers.submit(() -> explore(subject, startsShared, acts, preemptions, count, own)));
            }
            report(explored, count + " of " + all.size() + ", up to " + preemptions + " preemptions", preemptions,
                    start);
        }
    }

    private static void report(List<Future<Explorer>> explored, String what, int preemptions, long start)
            throws InterruptedException {
        long runs = 0;
        long distinct = 0;
        int completed = preemptions;
        for (Future<Explorer> one : explored) {
            try {
                runs += one.get().runs();
                distinct += one.get().distinct();
                completed = Math.min(completed, one.get().completed());
            } catch (ExecutionException e) {
                explored.forEach(other -> other.cancel(true));
                throw e.getCause() instanceof AssertionError failed ? failed : new AssertionError(e.getCause());
            }
        }
        System.out.println(what + ": " + runs + " schedules, " + distinct + " distinct, in "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s; complete up to " + completed
                + " preemptions");
        assertTrue(distinct >= explored.size(), "only " + distinct + " schedules");
        if (TO_THE_END) {
            assertEquals(preemptions, completed);
        }
    }

    private Explorer explore(Subject subject, boolean startsShared, List<Act> acts, int preemptions, int count,
            SplittableRandom own) {
        Explorer explorer = new Explorer(scenes.race(subject, startsShared, acts.toArray(Act[]::new)), acts.size(),
                preemptions);
        long start = System.nanoTime();
        ScheduledRun.Result failed = explorer.all(goesOn(explorer, start, count), own);
        String what = subject + (startsShared ? " shared " : " private ") + acts;
        System.out.println(what + ": " + explorer.runs() + " schedules, " + explorer.distinct() + " distinct, in "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s; complete up to "
                + explorer.completed() + " preemptions");
        if (failed != null) {
            ScheduledRun.Result minimal = explorer.minimal(failed);
            throw new AssertionError(
                    what + ", plan " + minimal.plan() + ", seed " + SEED + ": " + failed.failure() + "\n"
                            + String.join("\n", minimal.trace()),
                    failed.failure());
        }
        return explorer;
    }

    private static BooleanSupplier goesOn(Explorer explorer, long start, int count) {
        if (TO_THE_END) {
            return () -> !Thread.currentThread().isInterrupted();
        }
        if (IN_CI) {
            return () -> explorer.runs() < RUNS_IN_CI;
        }
        long nanos = TimeUnit.MINUTES.toNanos(Long.parseLong(MINUTES)) / 2 / count * WORKERS;
        return () -> System.nanoTime() - start < nanos;
    }
}
