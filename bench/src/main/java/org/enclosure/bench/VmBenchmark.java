package org.enclosure.bench;

import org.enclosure.core.GuestMemorySystem;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Creates a machine with a VM of 64 GiB, its store, its slot and its vCPU; closing it is not measured.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class VmBenchmark {
    static final long BYTES = 64L << 30;

    private static final long SMALL_BYTES = 64L << 20;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;

    private GuestMemorySystem system;
    private @Nullable Scene open;

    /// Finds the plugins.
    @Setup
    public void find() {
        system = GuestMemorySystem.builder().build();
        Plugins.prepare(system, plugins);
    }

    /// Closes what the last call has opened.
    @TearDown(Level.Invocation)
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /// Closes the system.
    @TearDown
    public void forget() {
        system.close();
    }

    /// The whole machine.
    @Benchmark
    public void create() {
        open = Scene.open(system, Scene.HUGE, BYTES, 1);
    }

    /// The whole machine, and what it commits beyond what the JVM and its libraries commit for the first machine at all; meant
    /// for one call in a JVM.
    @Benchmark
    public void commit(Committed committed) {
        Scene.open(system, Scene.HUGE, SMALL_BYTES, 1).close();
        long before = Committed.now();
        open = Scene.open(system, Scene.HUGE, BYTES, 1);
        committed.committedBytes += Committed.now() - before;
        committed.machines++;
    }

    /// Counts the memory that the process has committed.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Committed {
        /// Bytes committed for all machines.
        public long committedBytes;
        /// Machines.
        public long machines;

        static long now() {
            return ProcessMemory.committed();
        }
    }
}
