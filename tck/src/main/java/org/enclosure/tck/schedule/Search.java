package org.enclosure.tck.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.enclosure.tck.schedule.Plan.Preemption;
import org.jspecify.annotations.Nullable;

/// Every schedule of a race with up to so many preemptions, but of those that differ only in the order of steps that do not
/// conflict one at least.
///
/// What is left out, and why nothing is lost by it:
///
/// - **A preemption before a step that conflicts with nothing that another thread has still to do.** The step may change places with
///   everything that comes in between; the preemption then stands before the thread's next step. What threads do is learned from the
///   runs ([KnownWords]); as long as a pass learns something, another one follows. The shortest schedule with a conflict that is not
///   known would have no unknown one before its last step, hence be equal to one that was run, hence be known.
/// - **Going back to a preempted thread before anything conflicted with the step that it stands before.** The step might as well
///   have been made before the preemption, which is then a later one of the same plan. Both rules move preemptions
///   towards the end, so a schedule that neither leaves out is always there.
/// - **What begins where another schedule was already**: the same steps with the same order of those that conflict
///   ([StepLog#prefix]), the same thread to go on, at least as many preemptions left, and no more threads that the second rule forbids.
///
/// A thread that ends gives its turn to each of the others, which is no preemption. One that waits gives it to the next one in turn;
/// that the third gets it counts as a preemption, else there would be no end.
final class Search {
    private static final int NEW = 0;
    private static final int NOW = 1;
    private static final int BEFORE = 2;

    private final Function<Plan, ScheduledRun.Result> runner;
    private final KnownWords known;
    private final SplittableRandom random;
    private final BooleanSupplier goesOn;
    private final LongIndex leaves = new LongIndex();
    private final LongIndex visited = new LongIndex();
    private int firstOfRun;
    private int bound;
    private ScheduledRun.@Nullable Result failed;

    Search(Function<Plan, ScheduledRun.Result> runner, int threads, SplittableRandom random, BooleanSupplier goesOn) {
        this.runner = runner;
        this.random = random;
        this.goesOn = goesOn;
        known = new KnownWords(threads);
    }

    /// Runs all schedules with up to `most` preemptions.
    ///
    /// @return whether it came to the end without a failure
    boolean complete(int most, int threads) {
        bound = most;
        long before;
        do {
            before = known.growth();
            visited.clear();
            for (int first = 0; first < threads; first++) {
                if (!explore(Plan.of(first), 0, Asleep.nobody(threads))) {
                    return false;
                }
            }
        } while (known.growth() != before);
        return true;
    }

    /// The first failure, or null.
    ScheduledRun.@Nullable Result failed() {
        return failed;
    }

    /// One possible next plan.
    private record Branch(Plan plan, int used, Asleep asleep) {
    }

    private boolean explore(Plan plan, int used, Asleep asleep) {
        boolean isLeaf = used == bound;
        if (isLeaf && leaves.holds(plan.name())) {
            return true;
        }
        if (!goesOn.getAsBoolean()) {
            return false;
        }
        ScheduledRun.Result result = runner.apply(plan);
        if (result.failure() != null) {
            failed = result;
            return false;
        }
        known.add(result.log());
        List<Branch> branches = branches(result, used, asleep);
        Collections.shuffle(branches, Random.from(random));
        for (Branch branch : branches) {
            if (!explore(branch.plan, branch.used, branch.asleep)) {
                return false;
            }
        }
        if (isLeaf) {
            leaves.of(plan.name());
        }
        return true;
    }

    private List<Branch> branches(ScheduledRun.Result result, int used, Asleep asleepBefore) {
        List<Branch> branches = new ArrayList<>();
        firstOfRun = visited.size();
        StepLog log = result.log();
        Asleep asleep = asleepBefore.copy();
        int[] made = new int[log.threads()];
        int last = result.plan().lastPoint();
        int from = last == 0 ? 0 : log.stepsAt(last);
        int step = 0;
        for (int point = last + 1; point <= log.points(); point++) {
            for (; step < log.stepsAt(point); step++) {
                made[log.thread(step)]++;
                if (step >= from) {
                    asleep.wake(log, step);
                }
            }
            boolean isChoice = log.isChoice(point);
            int cost = log.cost(point);
            if (used + cost <= bound && (isChoice || known.mayConflict(log, step, made))) {
                int thread = log.threadAt(point);
                int scanned = visit(log.prefix(point), isChoice ? ~thread : thread, bound - used, asleep);
                if (scanned == BEFORE) {
                    break;
                }
                if (scanned == NEW) {
                    Asleep then = isChoice ? asleep.copy() : asleep.with(thread, Footprint.of(log, step));
                    for (int to = 0; to < log.threads(); to++) {
                        boolean goesOnAnyway = to == thread || isChoice && to == log.firstAt(point);
                        if (!goesOnAnyway && !log.isDone(to, step) && !asleep.holds(to)) {
                            branches.add(new Branch(result.plan().with(new Preemption(point, to)), used + cost, then));
                        }
                    }
                }
            }
        }
        return branches;
    }

    /// Notes that a run was here with so many preemptions left and so much freedom.
    ///
    /// @return [#NEW], [#NOW] if this run was here before (it waits), [#BEFORE] if another one was, with no fewer of both
    private int visit(long prefix, int thread, int left, Asleep asleep) {
        int mask = asleep.mask();
        for (int more = left; more <= bound; more++) {
            for (int fewer = mask;; fewer = fewer - 1 & mask) {
                int number = visited.find(key(prefix, thread, more, fewer));
                if (number >= 0) {
                    return number >= firstOfRun ? NOW : BEFORE;
                }
                if (fewer == 0) {
                    break;
                }
            }
        }
        visited.of(key(prefix, thread, left, mask));
        return NEW;
    }

    private static long key(long prefix, int thread, int left, int mask) {
        return Names.mix(prefix, (long) left << 32 | (thread & 0xffL) << 16 | mask);
    }
}
