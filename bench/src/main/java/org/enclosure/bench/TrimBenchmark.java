package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Gives memory that a guest has written and the store has freed back to the operating system, all at once.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class TrimBenchmark {
    /// What is given back each time.
    static final long BYTES = 64L << 20;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;

    private final PageTouches touches = PageTouches.stores(0, BYTES, PageTouches.SMALL_STEP);
    private Scene scene;

    /// Opens the machine.
    @Setup
    public void open() {
        scene = Scene.open(plugins, Scene.SMALL, BYTES, 1);
    }

    /// Commits the memory and frees it.
    @Setup(Level.Invocation)
    public void free() {
        scene.run(0, touches);
        scene.freeAll();
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        scene.close();
    }

    /// All of it.
    @Benchmark
    public void trim() {
        scene.trim();
    }
}
