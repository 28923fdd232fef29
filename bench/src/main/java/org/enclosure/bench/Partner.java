package org.enclosure.bench;

import java.util.concurrent.FutureTask;

import org.enclosure.core.translation.Backoff;
import org.jspecify.annotations.Nullable;

/// A second thread that does a piece of work each time it is told to, without being woken up first.
final class Partner implements AutoCloseable {
    private static final int END = -1;

    private final Runnable work;
    private final FutureTask<@Nullable Void> thread = new FutureTask<>(this::serve, null);
    private volatile int wanted;
    private volatile int done;
    private volatile long idleRounds;

    private Partner(Runnable work) {
        this.work = work;
    }

    static Partner start(Runnable work) {
        Partner partner = new Partner(work);
        Thread.ofPlatform().daemon().name("partner").start(partner.thread);
        return partner;
    }

    /// Waits until it really runs, on another processor than the caller.
    void awaitRunning() {
        Simultaneous.await(() -> idleRounds);
    }

    /// Lets it do its work once.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread tells
    void go() {
        wanted++;
    }

    /// Waits until the work is done.
    void await() {
        int mine = wanted;
        for (int round = 0; done != mine; round++) {
            if (thread.isDone()) {
                Tasks.await(thread);
            }
            Backoff.pause(round);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone counts
    private void serve() {
        int last = 0;
        for (int next = wanted; next != END; next = wanted) {
            if (next == last) {
                idleRounds++;
                Thread.onSpinWait(); // whoever sleeps is late for the next piece
                continue;
            }
            work.run();
            last = next;
            done = next;
        }
    }

    @Override
    public void close() {
        wanted = END;
        Tasks.await(thread);
    }
}
