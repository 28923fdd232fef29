package org.enclosure.tck.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// All pairs of acts, and some triples, under plans with preemptions. More: `-Denclosure.schedule.rounds=100`; the same again:
/// `-Denclosure.seed=N`.
class ScheduleTest {
    private static final int ROUNDS = Integer.getInteger("enclosure.schedule.rounds", 1);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());
    private static final int PAIR_PREEMPTIONS = 3;
    private static final int TRIPLE_PREEMPTIONS = 2;
    private static final int BATCH = 12;
    private static final int TRIPLES = 24;
    private static final int FURTHER = 6;
    private static final List<Subject> SUBJECTS = List.of(Subject.values());

    private final WovenScenes scenes = new WovenScenes(Map.of(), Weave.POINTS);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long runs;
    private long distinct;

    @Test
    void shouldHoldForAllPairs() {
        System.out.println("seed " + SEED);
        for (int round = 0; round < ROUNDS; round++) {
            for (Act one : Act.values()) {
                for (Act other : Act.values()) {
                    if (one.compareTo(other) <= 0) {
                        explore(one, other);
                    }
                }
            }
        }
        System.out.println(ROUNDS + " rounds over 36 pairs: " + runs + " schedules, " + distinct + " distinct");
        assertTrue(distinct > 72L * ROUNDS, "only " + distinct + " schedules");
    }

    @Test
    void shouldHoldForTriples() {
        System.out.println("seed " + SEED);
        List<Act> acts = List.of(Act.values());
        for (int triple = 0; triple < TRIPLES * ROUNDS; triple++) {
            explore(any(acts), any(acts), any(acts));
        }
        System.out.println(runs + " schedules of triples, " + distinct + " distinct");
        assertTrue(distinct > 2L * TRIPLES * ROUNDS, "only " + distinct + " schedules");
    }

    @Test
    void shouldHoldWhereTheProtocolIsDecided() {
        for (Act against : List.of(Act.PUNCH, Act.CONVERT, Act.SLOT)) {
            Explorer explorer = explorer(Subject.SOFTWARE, false, Act.FAULT, against);
            report(explorer, explorer.corners("FaultCore>", "RangeUnion>", FURTHER),
                    "corners of a fault and " + against);
            assertTrue(explorer.distinct() > 5, against + ": only " + explorer.distinct() + " schedules");
        }
    }

    /// Found by the exploration of all plans: what the plugin removes it may wipe, so the host's translations go before.
    @Test
    void shouldTakeAPageFromTheHostBeforeThePluginIsToldToRemoveIt() {
        for (Subject subject : List.of(Subject.SOFTWARE, Subject.CORE_OWNED)) {
            Explorer explorer = explorer(subject, true, Act.HOST_ACCESS, Act.PUNCH);
            report(explorer, explorer.corners("HostAccessor>", "MemoryChanges>", 0),
                    subject + ": host access and PUNCH");
            assertTrue(explorer.distinct() > 20, "only " + explorer.distinct() + " schedules");
        }
    }

    @Test
    void shouldGiveTheSameRunForTheSamePlan() {
        Explorer explorer = explorer(Subject.SOFTWARE, false, Act.FAULT, Act.PUNCH);
        explorer.random(1, random);
        Plan plan = Plan.parse("0 40:1 60:0");
        ScheduledRun.Result first = ScheduledRun.of(scenes.race(Subject.SOFTWARE, false, Act.FAULT, Act.PUNCH),
                plan,
                true);
        ScheduledRun.Result again = ScheduledRun.of(scenes.race(Subject.SOFTWARE, false, Act.FAULT, Act.PUNCH),
                plan,
                true);
        assertEquals(first.trace(), again.trace());
        assertEquals(first.hash(), again.hash());
        assertTrue(first.points() > 60, "only " + first.points() + " points: " + first.trace());
    }

    private Act any(List<Act> acts) {
        return acts.get(random.nextInt(acts.size()));
    }

    private void explore(Act... acts) {
        Subject subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
        boolean startsShared = random.nextBoolean();
        Explorer explorer = explorer(subject, startsShared, acts);
        ScheduledRun.Result failed = explorer.sweep(61, random.nextInt(61));
        failed = failed == null ? explorer.random(BATCH, random) : failed;
        runs += explorer.runs();
        distinct += explorer.distinct();
        report(explorer, failed, subject + (startsShared ? " shared " : " private ") + Arrays.toString(acts));
    }

    private Explorer explorer(Subject subject, boolean startsShared, Act... acts) {
        return new Explorer(scenes.race(subject, startsShared, acts), acts.length,
                acts.length == 2 ? PAIR_PREEMPTIONS : TRIPLE_PREEMPTIONS);
    }

    private static void report(Explorer explorer, ScheduledRun.@Nullable Result failed, String what) {
        if (failed != null) {
            ScheduledRun.Result minimal = explorer.minimal(failed);
            throw new AssertionError(
                    what + ", plan " + minimal.plan() + " (of " + failed.plan() + "), seed " + SEED + ": "
                            + failed.failure() + "\n" + String.join("\n", minimal.trace()),
                    failed.failure());
        }
    }
}
