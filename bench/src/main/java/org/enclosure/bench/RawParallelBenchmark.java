package org.enclosure.bench;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a second processor is worth on this machine at this moment: the same loads on one thread, and on two at once.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RawParallelBenchmark {
    private static final long BYTES = 1L << 20;
    private static final int BATCHES = 8;

    /// 1 or 2.
    @Param({"1", "2"}) public int threads;

    private RawMemory first;
    private RawMemory second;
    private @Nullable Partner partner;
    @SuppressWarnings("UnusedVariable") // written, so that the loads are not left out
    private volatile long seen;

    /// Commits the memory.
    @Setup
    public void open() {
        first = new RawMemory(BYTES);
        second = new RawMemory(BYTES);
        if (threads > 1) {
            partner = Partner.start(() -> seen = loads(second));
        }
    }

    /// Gives it back.
    @TearDown
    public void close() {
        if (partner != null) {
            partner.close();
        }
        first.close();
        second.close();
    }

    /// Waits for the other thread.
    @Setup(Level.Invocation)
    public void meet() {
        if (partner != null) {
            partner.awaitRunning();
        }
    }

    private static long loads(RawMemory memory) {
        long found = 0;
        for (int i = 0; i < BATCHES; i++) {
            found += memory.load();
        }
        return found;
    }

    /// All batches.
    @Benchmark
    public long load() {
        Partner other = partner;
        if (other == null) {
            return loads(first);
        }
        other.go();
        long found = loads(first);
        other.await();
        return found;
    }
}
