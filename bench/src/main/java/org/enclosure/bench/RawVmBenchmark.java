package org.enclosure.bench;

import org.enclosure.core.mem.HostMemory;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The floor of creating a VM: the reservation of its host's memory alone.
@State(Scope.Thread)
public class RawVmBenchmark {
    private @Nullable HostMemory open;

    /// Gives the memory back.
    @TearDown(Level.Invocation)
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /// Reserves it.
    @Benchmark
    public void reserve() {
        open = HostMemory.reserve(2 * VmBenchmark.BYTES);
    }
}
