package org.enclosure.bench;

import org.enclosure.api.MemoryKind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Converts mapped pages one by one, to and fro, while no vCPU or one other vCPU is in its guest.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PageConversionBenchmark {
    /// Conversions of one batch. Small: a longer one is interrupted more often on a machine that does other work.
    static final int BATCH = 16;

    private static final long BYTES = BATCH * PageTouches.SMALL_STEP;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// How many vCPUs run, loading from memory of their own.
    @Param({"0", "1"}) public int running;

    private Scene scene;
    private BusyVcpu busy;
    private final PageTouches pass = PageTouches.loads(0, BYTES, PageTouches.SMALL_STEP);
    private MemoryKind target = MemoryKind.SHARED;

    /// Opens the machine and starts the other vCPU.
    @Setup
    public void open() {
        scene = Scene.open(plugins, Scene.SMALL, BYTES + BusyVcpu.BYTES, 2);
        busy = new BusyVcpu(scene, 1, BYTES);
        if (running > 0) {
            busy.start();
        }
    }

    /// Maps the pages.
    @Setup(Level.Invocation)
    public void populate() {
        scene.run(0, pass);
        if (running > 0) {
            busy.awaitRunning();
        }
    }

    /// Stops the other vCPU and closes the machine.
    @TearDown
    public void close() {
        busy.close();
        scene.close();
    }

    /// A batch of conversions.
    @Benchmark
    public void convert(Allocated allocated) {
        allocated.begin();
        MemoryKind to = target;
        for (long gpa = 0; gpa < BYTES; gpa += PageTouches.SMALL_STEP) {
            scene.convert(gpa, PageTouches.SMALL_STEP, to);
        }
        target = MemoryKind.of(!to.isPrivate());
        allocated.end();
    }
}
