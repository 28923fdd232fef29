package org.enclosure.bench;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.core.mem.AccessOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Floors of conversions: what no conversion can do without.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RawConversionBenchmark {
    /// Repetitions of one batch.
    static final int BATCH = 16;

    /// Words that change: one per entry of a table, or of the summary of kinds.
    @Param({"1", "16", "512", "262144"}) public int words;

    private final ReentrantLock lock = new ReentrantLock();
    private long[] table;
    @SuppressWarnings("UnusedVariable") // the store is what is measured
    private volatile long published;

    /// Creates the table.
    @Setup
    public void open() {
        table = new long[words];
    }

    /// A batch of changes: the lock, the words, and two publications around them.
    @Benchmark
    public long change() {
        for (int i = 0; i < BATCH; i++) {
            lock.lock();
            try {
                published = i;
                Arrays.fill(table, i);
                published = -i;
            } finally {
                lock.unlock();
            }
        }
        return table[0];
    }

    /// The other vCPU.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
    public static class Running {
        private Scene scene;
        private BusyVcpu busy;

        /// Starts it.
        @Setup
        public void open() {
            scene = Scene.open(Plugins.ONE, Scene.SMALL, BusyVcpu.BYTES, 1);
            busy = new BusyVcpu(scene, 0, 0);
            busy.start();
        }

        /// Waits until it runs.
        @Setup(Level.Invocation)
        public void meet() {
            busy.awaitRunning();
        }

        /// Stops it.
        @TearDown
        public void close() {
            busy.close();
            scene.close();
        }
    }

    /// A batch of barriers while a vCPU runs; nothing in the symmetric order.
    @Benchmark
    public void barrier(Running running) {
        for (int i = 0; i < BATCH; i++) {
            AccessOrder.barrier();
        }
    }
}
