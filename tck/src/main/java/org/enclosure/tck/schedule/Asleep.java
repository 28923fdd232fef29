package org.enclosure.tck.schedule;

import org.jspecify.annotations.Nullable;

/// Threads that were preempted, each before a step that nothing has conflicted with since: to go back to them is of no use yet.
final class Asleep {
    private final @Nullable Footprint[] threads;

    private Asleep(@Nullable Footprint[] threads) {
        this.threads = threads;
    }

    static Asleep nobody(int threads) {
        return new Asleep(new Footprint[threads]);
    }

    Asleep copy() {
        return new Asleep(threads.clone());
    }

    /// The same, and one thread more.
    Asleep with(int thread, Footprint before) {
        Asleep more = copy();
        more.threads[thread] = before;
        return more;
    }

    boolean holds(int thread) {
        return threads[thread] != null;
    }

    /// A step is made.
    void wake(StepLog log, int step) {
        for (int i = 0; i < threads.length; i++) {
            Footprint before = threads[i];
            if (before != null && (i == log.thread(step) || before.conflicts(log, step))) {
                threads[i] = null;
            }
        }
    }

    /// A bit for each thread.
    int mask() {
        int mask = 0;
        for (int i = 0; i < threads.length; i++) {
            mask |= threads[i] == null ? 0 : 1 << i;
        }
        return mask;
    }
}
