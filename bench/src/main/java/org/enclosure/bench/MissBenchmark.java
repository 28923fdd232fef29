package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Guest loads that miss the TLB and find a 4K leaf in stage 2.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class MissBenchmark {
    private static final long BYTES = ConflictingLoads.PAGES * ConflictingLoads.DISTANCE;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;

    private Scene scene;
    private final ConflictingLoads conflicts = new ConflictingLoads();
    private final PageTouches pass = PageTouches.loads(0, FaultBenchmark.BYTES, PageTouches.SMALL_STEP);

    /// Maps everything.
    @Setup
    public void open() {
        scene = Scene.open(plugins, Scene.SMALL, BYTES, 1);
        scene.run(0, pass);
        scene.run(0, conflicts);
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        scene.close();
    }

    /// A batch of misses, all of whose data is in the cache.
    @Benchmark
    public long conflict() {
        scene.run(0, conflicts);
        return conflicts.sum();
    }

    /// The pass of [FaultBenchmark] over pages that are mapped.
    @Benchmark
    public long pass() {
        scene.run(0, pass);
        return pass.sum();
    }
}
