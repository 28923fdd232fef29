package org.enclosure.bench;

import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The floor of giving memory back: the native call alone, once for all of it.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RawTrimBenchmark {
    private static final int ORDER = 14;

    private HostMemory memory;

    /// Reserves the memory.
    @Setup
    public void open() {
        memory = HostMemory.reserve(TrimBenchmark.BYTES);
    }

    /// Commits it.
    @Setup(Level.Invocation)
    public void commit() {
        for (long at = 0; at < TrimBenchmark.BYTES; at += PageTouches.SMALL_STEP) {
            Raw.putLong(memory.base() + at, at);
        }
    }

    /// Releases it.
    @TearDown
    public void close() {
        memory.close();
    }

    /// Gives it back.
    @Benchmark
    public boolean giveBack() {
        return memory.giveBack(0, ORDER);
    }
}
