package org.enclosure.bench;

import org.enclosure.api.MemoryKind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Converts all memory of a VM at once, to and fro, while no vCPU is in its guest.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RangeConversionBenchmark {
    /// The store is empty.
    static final String EMPTY = "none";

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// Pages that are there and mapped before each conversion: none, or all of them, of a size.
    @Param({EMPTY, Scene.SMALL, Scene.HUGE}) public String populated = EMPTY;
    /// Size of the memory.
    @Param("1024") public int mib;

    private Scene scene;
    private PageTouches pass;
    private long bytes;
    private MemoryKind target = MemoryKind.SHARED;

    /// Opens the machine.
    @Setup
    public void open() {
        bytes = (long) mib << 20;
        boolean small = populated.equals(Scene.SMALL);
        scene = Scene.open(plugins, small ? Scene.SMALL : Scene.HUGE, bytes, 1);
        pass = PageTouches.stores(0, bytes, small ? PageTouches.SMALL_STEP : PageTouches.HUGE_STEP);
    }

    /// Maps what is to be populated.
    @Setup(Level.Invocation)
    public void populate() {
        if (!populated.equals(EMPTY)) {
            scene.run(0, pass);
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        scene.close();
    }

    /// One conversion.
    @Benchmark
    public void convert() {
        scene.convert(0, bytes, target);
        target = MemoryKind.of(!target.isPrivate());
    }
}
