package org.enclosure.tck.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.enclosure.tck.schedule.Plan.Preemption;
import org.jspecify.annotations.Nullable;

/// Runs one race under many plans: all with one preemption where the budget allows it, and random ones with more.
public final class Explorer {
    private final Supplier<Race> races;
    private final int threads;
    private final int mostPreemptions;
    private final LongIndex seen = new LongIndex();
    private int runs;
    private int longest = 1;
    private int completed = -1;

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

    /// Runs so far that differ in the order of steps that conflict.
    public int distinct() {
        return seen.size();
    }

    /// Up to how many preemptions [#all] has run every plan; -1 for none.
    public int completed() {
        return completed;
    }

    /// Runs every schedule but those that are equal to one that is run, those with fewer preemptions first, up to the most preemptions
    /// or as long as it may; in a random order.
    ///
    /// @param goesOn asked before each run
    /// @return the first failure, or null
    public ScheduledRun.@Nullable Result all(BooleanSupplier goesOn, SplittableRandom random) {
        Search search = new Search(this::run, threads, random, goesOn);
        while (completed < mostPreemptions && search.complete(completed + 1, threads)) {
            completed++;
        }
        return search.failed();
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

    /// Runs plans that stop the first thread before a step of a fault, and the other one, which goes on instead, before a step of
    /// an invalidation, and perhaps the first once more a few points later: where the protocol is decided.
    ///
    /// @param of which of the first thread's points, and `through` which of the other's, by a part of their names
    /// @param further up to how many points later the first thread is stopped again; 0 for not at all
    /// @return the first failure, or null
    public ScheduledRun.@Nullable Result corners(String of, String through, int further) {
        List<Integer> stops = points(0, of);
        List<Integer> others = points(1, through);
        for (int stop : stops) {
            for (int other : others) {
                for (int again = 0; again <= further; again++) {
                    ScheduledRun.Result result = run(corner(stop, stop + other, again));
                    if (result.failure() != null) {
                        return result;
                    }
                }
            }
        }
        return null;
    }

    private static Plan corner(int stop, int back, int again) {
        List<Preemption> preemptions = new ArrayList<>(
                List.of(new Preemption(stop, 1), new Preemption(back, 0)));
        if (again > 0) {
            preemptions.add(new Preemption(back + again, 1));
        }
        return new Plan(0, preemptions);
    }

    /// The points of a thread that runs first, by a part of their names.
    private List<Integer> points(int thread, String part) {
        List<Integer> found = new ArrayList<>();
        List<String> trace = ScheduledRun.of(races, Plan.of(thread), true).trace();
        for (int i = 0; i < trace.size() && trace.get(i).contains("thread " + thread); i++) {
            if (trace.get(i).contains(part)) {
                found.add(i + 1);
            }
        }
        return found;
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
        ScheduledRun.Result result = ScheduledRun.of(races, plan, false);
        runs++;
        seen.of(result.hash());
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
        return ScheduledRun.of(races, plan, true);
    }
}
