package org.enclosure.tck.schedule;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/// One run of a race under a plan.
public final class ScheduledRun {
    private static final int MOST_WAITS = 20_000;
    private static final long SECONDS = 20;
    private static final int TRACED = 400;

    private final List<Turn> turns = new ArrayList<>();
    private final Plan plan;
    private final boolean traces;
    private final List<String> trace = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final IdentityHashMap<Object, Turn> monitors = new IdentityHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private int points;
    private int next;
    private int waits;
    private final StepLog log;

    private ScheduledRun(Plan plan, boolean traces, StepLog log) {
        this.plan = plan;
        this.traces = traces;
        this.log = log;
    }

    /// What came of a run.
    ///
    /// @param plan the plan
    /// @param points yield points that were passed
    /// @param hash the same for runs in which the same steps were made, and those that conflict in the same order
    /// @param log what the steps have touched
    /// @param failure what went wrong, or null
    /// @param trace the steps, if they were wanted
    /// @param events the steps of the invalidate protocol, if the engine was woven to tell them
    public record Result(Plan plan, int points, long hash, StepLog log, @Nullable Throwable failure,
            List<String> trace, List<Event> events) {
    }

    /// Makes a race, runs it and checks it. The race is closed.
    ///
    /// @param traces whether the steps are wanted
    public static Result of(Supplier<Race> races, Plan plan, boolean traces) {
        Names names = Names.begin();
        Race race;
        try {
            race = races.get();
        } finally {
            Names.end();
        }
        ScheduledRun run = new ScheduledRun(plan, traces, new StepLog(names, race.bodies().size()));
        try {
            run.execute(race.bodies());
            if (run.failure == null) {
                race.check();
            }
        } catch (RuntimeException | AssertionError e) {
            run.fail(e);
        }
        if (!(run.failure instanceof Hang)) {
            try {
                race.close();
            } catch (RuntimeException | AssertionError e) {
                run.fail(e);
            }
        }
        return new Result(plan, run.points, run.log.hash(), run.log, run.failure, List.copyOf(run.trace),
                List.copyOf(run.events));
    }

    /// The threads do not come to an end.
    private static final class Hang extends AssertionError {
        private static final long serialVersionUID = 1;

        Hang(String message) {
            super(message);
        }
    }

    private void execute(List<Runnable> bodies) {
        for (int i = 0; i < bodies.size(); i++) {
            Runnable body = bodies.get(i);
            int index = i;
            turns.add(new Turn(this, i, () -> live(index, body)));
        }
        turns.forEach(Thread::start);
        turns.get(plan.first() % turns.size()).go();
        try {
            if (!over.await(SECONDS, TimeUnit.SECONDS)) {
                fail(new Hang("a thread waits for something that is no yield point" + stacks()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private String stacks() {
        StringBuilder text = new StringBuilder();
        for (Turn turn : turns) {
            text.append("\nthread ").append(turn.index()).append(turn.isDone() ? " is done" : "");
            for (StackTraceElement element : turn.getStackTrace()) {
                text.append("\n    ").append(element);
            }
        }
        return text.toString();
    }

    private void live(int index, Runnable body) {
        Turn self = turns.get(index);
        self.await();
        log.open(index, 0);
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
        log.close(false);
        log.finish(index);
        self.finish();
        Turn successor = successor(self, "ends", 0);
        if (successor == null) {
            over.countDown();
        } else {
            successor.go();
            staysAlive();
        }
    }

    /// Until all are done: what the engine does for a thread that is dead must not depend on how fast it dies.
    private void staysAlive() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    /// The next thread in turn that is not done, or null.
    private @Nullable Turn other(Turn self) {
        for (int i = 1; i < turns.size(); i++) {
            Turn turn = turns.get((self.index() + i) % turns.size());
            if (!turn.isDone()) {
                return turn;
            }
        }
        return null;
    }

    StepLog log() {
        return log;
    }

    // ---- called by the thread that has the baton ------------------------------------------------------------------------

    void point(Turn self, String where) {
        waits = 0;
        log.close(false);
        passes(self, where);
        Turn to = planned(self);
        if (to != null) {
            handOver(self, to);
        }
        log.open(self.index(), where.hashCode());
    }

    void event(Event event) {
        events.add(event);
    }

    void pause(Turn self) {
        if (++waits > MOST_WAITS) {
            Hang hang = new Hang("thread " + self.index() + " waits for ever");
            fail(hang);
            throw hang;
        }
        boolean repeats = log.close(true);
        if (other(self) != null && self.isTired(repeats)) {
            Turn to = successor(self, "waits", 1);
            if (to != null) {
                handOver(self, to);
            }
        }
        log.open(self.index(), 0);
    }

    /// Who goes on when a thread cannot: the next one in turn, or of two the one that the plan says.
    private @Nullable Turn successor(Turn self, String why, int cost) {
        Turn first = other(self);
        if (first == null
                || turns.stream().filter(turn -> !turn.isDone() && turn.index() != self.index()).count() < 2) {
            return first;
        }
        passes(self, why);
        log.choice(self.index(), first.index(), cost);
        Turn to = planned(self);
        return to == null ? first : to;
    }

    private void passes(Turn self, String where) {
        points++;
        log.point();
        if (traces && trace.size() < TRACED) {
            trace.add(points + " thread " + self.index() + " " + where);
        }
    }

    /// Who goes on at this point because the plan says so.
    private @Nullable Turn planned(Turn self) {
        if (next == plan.preemptions().size() || plan.preemptions().get(next).point() > points) {
            return null;
        }
        Turn to = turns.get(plan.preemptions().get(next++).to() % turns.size());
        return to.isDone() || to.index() == self.index() ? null : to;
    }

    private static void handOver(Turn self, Turn to) {
        to.go();
        self.await();
    }

    void beforeMonitor(Turn self, Object monitor) {
        while (true) {
            Turn owner = monitors.get(monitor);
            boolean isFree = owner == null || owner.index() == self.index();
            Touch.whole(monitor, isFree);
            if (isFree) {
                monitors.put(monitor, self);
                return;
            }
            pause(self);
        }
    }

    void afterMonitor(Turn self, Object monitor) {
        Touch.whole(monitor, true);
        monitors.remove(monitor, self);
    }
}
