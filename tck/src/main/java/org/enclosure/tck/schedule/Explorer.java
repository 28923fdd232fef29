package org.enclosure.tck.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.enclosure.tck.schedule.Plan.Preemption;
import org.jspecify.annotations.Nullable;

/// Runs one race under many plans: all with one preemption where the budget allows it, and random ones with more.
public final class Explorer {
    private final Supplier<Race> races;
    private final int threads;
    private final int mostPreemptions;
    private final Set<Long> seen = new HashSet<>();
    private int runs;
    private int longest = 1;

    /// @param races makes the race anew
    public Explorer(Supplier<Race> races, int threads, int mostPreemptions) {
        this.races = races;
        this.threads = threads;
        this.mostPreemptions = mostPreemptions;
    }

    /// Runs so far.
    public int runs() {
        return runs;
    }

    /// Runs so far that differ in the order of their steps.
    public int distinct() {
        return seen.size();
    }

    /// Runs every plan without and with one preemption.
    ///
    /// @param every only each so many of the points
    /// @return the first failure, or null
    public ScheduledRun.@Nullable Result sweep(int every, int offset) {
        for (int first = 0; first < threads; first++) {
            ScheduledRun.Result plain = run(Plan.of(first));
            if (plain.failure() != null) {
                return plain;
            }
            for (int point = 1 + offset % every; point <= plain.points(); point += every) {
                for (int to = 0; to < threads; to++) {
                    ScheduledRun.Result result = run(new Plan(first, List.of(new Preemption(point, to))));
                    if (result.failure() != null) {
                        return result;
                    }
                }
            }
        }
        return null;
    }

    /// Runs random plans with up to the most preemptions.
    ///
    /// @return the first failure, or null
    public ScheduledRun.@Nullable Result random(int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            ScheduledRun.Result result = run(randomPlan(random));
            if (result.failure() != null) {
                return result;
            }
        }
        return null;
    }

    private Plan randomPlan(SplittableRandom random) {
        int count = 1 + random.nextInt(mostPreemptions);
        int[] points = random.ints(count, 1, longest + 1).sorted().toArray();
        List<Preemption> preemptions = new ArrayList<>();
        for (int point : points) {
            preemptions.add(new Preemption(point, random.nextInt(threads)));
        }
        return new Plan(random.nextInt(threads), preemptions);
    }

    private ScheduledRun.Result run(Plan plan) {
        ScheduledRun.Result result = ScheduledRun.of(races.get(), plan, false);
        runs++;
        seen.add(result.hash());
        longest = Math.max(longest, result.points());
        return result;
    }

    /// The plan of a failure with as few preemptions as it needs, run again with its trace.
    public ScheduledRun.Result minimal(ScheduledRun.Result failed) {
        Plan plan = failed.plan();
        for (int i = 0; i < plan.preemptions().size();) {
            Plan fewer = plan.without(i);
            if (run(fewer).failure() != null) {
                plan = fewer;
            } else {
                i++;
            }
        }
        return ScheduledRun.of(races.get(), plan, true);
    }
}
