package org.enclosure.bench;

import java.lang.foreign.Arena;
import java.util.List;

import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdmrList;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.OpState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The leaves by which 2M pages leave a TD, without the clearing that is the host's: one page at a time, and 512 behind one
/// TDH.MEM.TRACK.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class TdxLeafBenchmark {
    /// Pages of one batch.
    static final int BATCH = 512;

    private static final long LARGE = 1L << 21;
    private static final long FIRST_PAGE = 1L << 30;
    private static final long TD = 0x1_0000;
    private static final int CONTROL_PAGES = 6;
    private static final int KEY = 33;
    private static final int TOP = 3;

    private final LeafCall call = new LeafCall();
    private Arena arena;
    private TdxModule module;

    /// Opens a machine with one running TD that has tables for 1 GiB.
    @Setup
    public void open() {
        arena = Arena.ofShared();
        PhysicalMemory memory = new PhysicalMemory(arena.allocate(LARGE, 4096), 0);
        List<MemoryRange> ram = List.of(new MemoryRange(0, FIRST_PAGE + BATCH * LARGE, MemoryRange.Kind.RAM));
        module = new TdxModule(memory, TdmrList.covering(ram));
        require(module.tds().create(TD, KEY, call));
        require(module.tds().configureKey(TD, call));
        for (int page = 1; page <= CONTROL_PAGES; page++) {
            require(module.tds().addControlPage(TD + page * 0x1000L, TD, call));
        }
        if (!module.environment().initialise(TD, 0, 48, 1)) {
            throw new BenchFailedException("the TD lacks control pages");
        }
        for (int level = TOP; level > 1; level--) {
            require(module.tables().add(level, TD, TD + 0x1_0000 * (long) level, call));
        }
        module.environment().opState(TD, OpState.RUNNABLE);
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        arena.close();
    }

    /// A TD with all pages of the batch.
    @State(Scope.Thread)
    public static class Full {
        /// Gives it those that it has not.
        @Setup(Level.Invocation)
        public void fill(TdxLeafBenchmark bench) {
            for (long page = 0; page < BATCH; page++) {
                require(bench.module.pages().aug(operand(page), TD, FIRST_PAGE + page * LARGE, bench.call));
            }
        }
    }

    /// Blocked, tracked, removed, one after the other.
    @Benchmark
    public void removeOneByOne(Full full, Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            require(module.ranges().block(operand(page), TD, call));
            require(module.ranges().track(TD, call));
            require(module.pages().remove(operand(page), TD, call));
        }
        allocated.end();
    }

    /// All blocked, tracked once, all removed.
    @Benchmark
    public void removeTogether(Full full, Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            require(module.ranges().block(operand(page), TD, call));
        }
        require(module.ranges().track(TD, call));
        for (long page = 0; page < BATCH; page++) {
            require(module.pages().remove(operand(page), TD, call));
        }
        allocated.end();
    }

    private static long operand(long page) {
        return page * LARGE | 1;
    }

    private static void require(long status) {
        if (status != 0) {
            throw new BenchFailedException("the module answered 0x" + Long.toHexString(status));
        }
    }
}
