package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Guest loads and stores at random offsets of memory that is mapped. Up to 4M they hit the TLB.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class AccessBenchmark {
    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// Size of the memory, a power of two.
    @Param({"1", "4", "64"}) public int mib;

    private Scene scene;
    private RandomLoads loads;
    private RandomStores stores;

    /// Maps everything.
    @Setup
    public void open() {
        long bytes = (long) mib << 20;
        scene = Scene.open(plugins, Scene.HUGE, bytes, 1);
        loads = new RandomLoads(0, bytes);
        stores = new RandomStores(bytes);
        scene.run(0, PageTouches.stores(0, bytes, PageTouches.SMALL_STEP));
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        scene.close();
    }

    /// A batch of loads.
    @Benchmark
    public long load(Allocated allocated) {
        allocated.begin();
        scene.run(0, loads);
        allocated.end();
        return loads.sum();
    }

    /// A batch of stores.
    @Benchmark
    public void store() {
        scene.run(0, stores);
    }
}
