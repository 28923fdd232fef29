package org.enclosure.bench;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The same pass of resident faults on one vCPU, and on two at once, each over memory of its own.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class ParallelBenchmark {
    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// How many vCPUs fault at once, 1 or 2.
    @Param({"1", "2"}) public int vcpus;

    private Scene scene;
    private @Nullable Partner partner;
    private final PageTouches first = pass(0);
    private final PageTouches second = pass(FaultBenchmark.BYTES);

    private static PageTouches pass(long gpa) {
        return PageTouches.loads(gpa, FaultBenchmark.BYTES, PageTouches.SMALL_STEP);
    }

    /// Populates both memories.
    @Setup
    public void open() {
        scene = Scene.open(plugins, Scene.SMALL, 2 * FaultBenchmark.BYTES, 2);
        scene.run(0, first);
        scene.run(1, second);
        if (vcpus > 1) {
            partner = Partner.start(() -> scene.run(1, second));
        }
    }

    /// Empties stage 2.
    @Setup(Level.Invocation)
    public void unmap() {
        scene.unmapAll();
        if (partner != null) {
            partner.awaitRunning();
        }
    }

    /// Ends the second vCPU and closes the machine.
    @TearDown
    public void close() {
        if (partner != null) {
            partner.close();
        }
        scene.close();
    }

    /// All passes.
    @Benchmark
    public long fault() {
        Partner other = partner;
        if (other == null) {
            scene.run(0, first);
        } else {
            other.go();
            scene.run(0, first);
            other.await();
        }
        return first.sum();
    }
}
