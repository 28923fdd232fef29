package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A pass over pages that each fault: of loads where the pages are in the store, otherwise of stores.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class FaultBenchmark {
    /// The pages are in the store, stage 2 is empty.
    static final String RESIDENT = "resident";
    /// The store is empty, free frames are committed and not zero.
    static final String FREED = "freed";
    /// The store is empty, free frames are the operating system's.
    static final String COLD = "cold";

    /// Size of a pass over pages that are in the store.
    static final long BYTES = 16L << 20;
    /// Size of a pass that zeroes. Small: a longer one is interrupted more often on a machine that does other work.
    static final long NEW_BYTES = 8L << 20;

    /// Whose code the JVM knows: see [Plugins].
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// Where the pages are before the pass.
    @Param({RESIDENT, FREED, COLD}) public String before = RESIDENT;
    /// The largest mapping.
    @Param({Scene.SMALL, Scene.HUGE}) public String page = Scene.SMALL;

    private Scene scene;
    private PageTouches pass;

    /// Makes one pass, so that memory is committed.
    @Setup
    public void open() {
        boolean huge = page.equals(Scene.HUGE);
        long step = huge ? PageTouches.HUGE_STEP : PageTouches.SMALL_STEP;
        boolean resident = before.equals(RESIDENT);
        long bytes = resident ? BYTES : NEW_BYTES;
        scene = Scene.open(plugins, page, bytes, 1);
        pass = resident ? PageTouches.loads(0, bytes, step) : PageTouches.stores(0, bytes, step);
        scene.run(0, pass);
    }

    /// Brings the pages where they have to be.
    @Setup(Level.Invocation)
    public void prepare() {
        if (before.equals(RESIDENT)) {
            scene.unmapAll();
            return;
        }
        scene.freeAll();
        if (before.equals(COLD)) {
            scene.trim();
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        scene.close();
    }

    /// The pass.
    @Benchmark
    public long fault(Allocated allocated) {
        allocated.begin();
        scene.run(0, pass);
        allocated.end();
        return pass.sum();
    }
}
