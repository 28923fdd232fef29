package org.enclosure.modelcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.enclosure.tck.schedule.Plan;
import org.enclosure.tck.schedule.Plan.Preemption;
import org.enclosure.tck.schedule.Race;
import org.enclosure.tck.schedule.ScheduledRun;
import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;
import org.enclosure.tck.weave.WovenScenes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the engine does under the deterministic scheduler is a behaviour of the model, step by step; what a wrong engine does is not.
/// More schedules: `-Denclosure.trace.plans=1000`, for each pair; the same again: `-Denclosure.seed=N`.
class InvalidateTraceTest {
    private static final String MODEL = "InvalidateTrace";
    private static final int PLANS = Integer.getInteger("enclosure.trace.plans", 20);
    private static final int PLANS_OF_A_WRONG_ONE = 60;
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());
    private static final int PREEMPTIONS = 3;

    @TempDir Path folder = Path.of("");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private int schedules;

    @Test
    void shouldBeBehavioursOfTheModelForAllPairs() throws Exception {
        System.out.println("seed " + SEED);
        WovenScenes scenes = new WovenScenes(Map.of(), Weave.POINTS_AND_EVENTS);
        Set<ProtocolTrace> traces = new LinkedHashSet<>();
        for (Act one : Act.values()) {
            for (Act other : Act.values()) {
                if (one.compareTo(other) <= 0) {
                    traces.addAll(tracesOf(scenes, PLANS, one, other));
                }
            }
        }
        Tlc run = check(List.copyOf(traces));
        List<ProtocolTrace> refused = new TraceModule(List.copyOf(traces)).refused(run.output());
        System.out.println(schedules + " schedules of 36 pairs, " + traces.size() + " different traces of "
                + traces.stream().mapToLong(trace -> trace.steps().size()).sum() + " steps, " + run.states()
                + " states of the model");
        if (!refused.isEmpty()) {
            throw new AssertionError(
                    "seed " + SEED + ": " + refused.size() + " traces are no behaviours of the model; the first up "
                            + "to the step that it does not take:\n" + upToTheEnd(refused.getFirst()));
        }
    }

    private String upToTheEnd(ProtocolTrace refused) throws Exception {
        int taken = check(List.of(refused)).depth() - 1;
        return refused.steps().subList(0, taken + 1).stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseTheTracesOfAWrongEngine(WrongOrder wrong) throws Exception {
        System.out.println("seed " + SEED);
        WovenScenes scenes = new WovenScenes(Map.of(wrong.changedClass(), wrong.change()), Weave.POINTS_AND_EVENTS);
        Set<ProtocolTrace> traces = new LinkedHashSet<>(tracesOf(scenes, PLANS_OF_A_WRONG_ONE, Act.FAULT, Act.PUNCH));
        Tlc run = check(List.copyOf(traces));
        List<ProtocolTrace> refused = new TraceModule(List.copyOf(traces)).refused(run.output());
        System.out.println(wrong + ": " + refused.size() + " of " + traces.size() + " traces refused");
        assertFalse(refused.isEmpty(), () -> wrong + ": all " + traces.size() + " traces are behaviours, seed " + SEED);
    }

    private Set<ProtocolTrace> tracesOf(WovenScenes scenes, int plans, Act... acts) {
        Supplier<Race> races = scenes.race(Subject.SOFTWARE, random.nextBoolean(), acts);
        Set<ProtocolTrace> traces = new LinkedHashSet<>();
        int points = 1;
        for (int i = 0; i < plans; i++) {
            ScheduledRun.Result result = ScheduledRun.of(races, i < 2 ? Plan.of(i) : plan(points), false);
            points = Math.max(points, result.points());
            schedules++;
            traces.addAll(ProtocolTrace.of(result.events()));
        }
        return traces;
    }

    private Plan plan(int points) {
        int count = 1 + random.nextInt(PREEMPTIONS);
        List<Preemption> preemptions = new ArrayList<>();
        for (int point : random.ints(count, 1, points + 1).sorted().toArray()) {
            preemptions.add(new Preemption(point, random.nextInt(2)));
        }
        return new Plan(random.nextInt(2), preemptions);
    }

    private Tlc check(List<ProtocolTrace> traces) throws Exception {
        Path inputs = Files.createTempDirectory(folder, "tlc");
        Files.writeString(inputs.resolve("Traces.tla"), new TraceModule(traces).text());
        Tlc run = Tlc.check(MODEL, Tlc.configuration(MODEL), inputs);
        assertEquals(Tlc.GOOD, run.status(), run::output);
        return run;
    }
}
