package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Floors of accesses and first touches: the same memory traffic without an engine.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RawAccessBenchmark {
    /// Size of the memory, a power of two.
    @Param({"1", "4", "8", "64"}) public int mib;

    private RawMemory memory;

    /// Commits the memory.
    @Setup
    public void open() {
        memory = new RawMemory((long) mib << 20);
    }

    /// Gives it back.
    @TearDown
    public void close() {
        memory.close();
    }

    /// A batch of random loads.
    @Benchmark
    public long load() {
        return memory.load();
    }

    /// A batch of random stores.
    @Benchmark
    public void store() {
        memory.store();
    }

    /// A batch of loads from few pages; meant for 64M.
    @Benchmark
    public long conflict() {
        return memory.loadConflicting();
    }

    /// Zeroes all, 4K at a time.
    @Benchmark
    public void zeroSmall() {
        memory.zero(PageTouches.SMALL_STEP);
    }

    /// Zeroes all, 2M at a time.
    @Benchmark
    public void zeroHuge() {
        memory.zero(Math.min(PageTouches.HUGE_STEP, (long) mib << 20));
    }
}
