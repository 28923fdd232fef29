package org.enclosure.bench;

import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

import org.enclosure.api.MemoryKind;
import org.enclosure.core.mem.AccessOrder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A vCPU loads from its own memory while another thread, a thousand times a second, maps and converts 2M of other memory.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class StormBenchmark {
    /// Nobody converts.
    static final String CALM = "none";
    /// A process-wide barrier instead of a conversion: what no conversion of a mapped range can do without.
    static final String BARRIERS = "barrier";
    /// Conversions.
    static final String CONVERSIONS = "convert";
    /// Batches of loads in one measured batch: several milliseconds, so that each of them meets several conversions.
    static final int ROUNDS = 16;

    private static final long PERIOD_NANOS = 1_000_000;
    private static final long BYTES = 1L << 20;
    private static final long STORM = PageTouches.HUGE_STEP;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// What the other thread does.
    @Param({CALM, BARRIERS, CONVERSIONS}) public String storm = CALM;

    private final RandomLoads loads = new RandomLoads(0, BYTES);
    private final PageTouches touch = PageTouches.stores(STORM, PageTouches.HUGE_STEP, PageTouches.HUGE_STEP);
    private final FutureTask<@Nullable Void> other = new FutureTask<>(this::disturb, null);
    private Scene scene;
    private volatile boolean stopping;

    /// Opens the machine, maps the memory and starts the other thread.
    @Setup
    public void open() {
        scene = Scene.open(plugins, Scene.HUGE, STORM + PageTouches.HUGE_STEP, 2);
        scene.run(0, PageTouches.stores(0, BYTES, PageTouches.SMALL_STEP));
        Thread.ofPlatform().daemon().name("storm").start(other);
    }

    /// Stops the other thread and closes the machine.
    @TearDown
    public void close() {
        stopping = true;
        Tasks.await(other);
        scene.close();
    }

    private void disturb() {
        MemoryKind target = MemoryKind.SHARED;
        for (long next = System.nanoTime(); !stopping; next += PERIOD_NANOS) {
            if (storm.equals(BARRIERS)) {
                AccessOrder.barrier();
            } else if (storm.equals(CONVERSIONS)) {
                scene.run(1, touch);
                scene.convert(STORM, PageTouches.HUGE_STEP, target);
                target = MemoryKind.of(!target.isPrivate());
            }
            LockSupport.parkNanos(next + PERIOD_NANOS - System.nanoTime());
        }
    }

    /// A batch of loads.
    @Benchmark
    public long load() {
        for (int round = 0; round < ROUNDS; round++) {
            scene.run(0, loads);
        }
        return loads.sum();
    }
}
