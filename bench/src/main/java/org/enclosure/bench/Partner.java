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
    private volatile long cpuNanos;

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
    ///
    /// @return the processor time that it took
    long await() {
        int mine = wanted;
        for (int round = 0; done != mine; round++) {
            if (thread.isDone()) {
                Tasks.await(thread);
            }
            Backoff.pause(round);
        }
        return cpuNanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone counts
    private void serve() {
        int last = 0;
        int idle = 0;
        for (int next = wanted; next != END; next = wanted) {
            if (next == last) {
                idleRounds++;
                Backoff.pause(idle++);
                continue;
            }
            idle = 0;
            long start = CpuTime.now();
            work.run();
            cpuNanos = CpuTime.now() - start;
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
