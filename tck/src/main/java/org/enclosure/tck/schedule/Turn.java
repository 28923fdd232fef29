package org.enclosure.tck.schedule;

import java.util.concurrent.locks.LockSupport;

/// One thread of a run: it goes on only while it has the baton.
final class Turn extends Thread {
    private static final int PATIENCE = 12;

    private final ScheduledRun run;
    private final int index;
    private final Runnable body;
    private int waits;
    private volatile boolean mayGo;
    private volatile boolean done;

    Turn(ScheduledRun run, int index, Runnable body) {
        super("turn-" + index);
        setDaemon(true);
        this.run = run;
        this.index = index;
        this.body = body;
    }

    ScheduledRun schedule() {
        return run;
    }

    StepLog log() {
        return run.log();
    }

    int index() {
        return index;
    }

    boolean isDone() {
        return done;
    }

    /// It waits: whether it should give its turn away. A retry waits once although nobody is in its way; who waits for another
    /// thread sees the same again, or waits on and on.
    boolean isTired(boolean repeats) {
        waits++;
        if (repeats || waits >= PATIENCE) {
            waits = 0;
            return true;
        }
        return false;
    }

    /// Gives it the baton.
    void go() {
        mayGo = true;
        LockSupport.unpark(this);
    }

    /// Waits for the baton.
    void await() {
        while (!mayGo) {
            LockSupport.park(this);
        }
        mayGo = false;
    }

    void finish() {
        done = true;
    }

    @Override
    public void run() {
        body.run();
    }
}
