package org.enclosure.bench;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The leaves by which 2M pages leave a TD, called by name and without the clearing that is the host's: one page at a time, and 512
/// behind one TDH.MEM.TRACK.
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
    private static final int RUNNABLE = 2;

    /// One operation, to be called again and again.
    private static final class Leaf {
        private final ArchOperations operations;
        private final Operation operation;
        private final OperationCall call;

        Leaf(ArchOperations operations, String name) {
            this.operations = operations;
            operation = operations.list().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
            call = new OperationCall(operation);
        }

        void call(long first, long second) {
            call.in(0, first);
            call.in(1, second);
            require();
        }

        void call(long first, long second, long third) {
            call.in(2, third);
            call(first, second);
        }

        void require() {
            long status = operations.invoke(operation, call);
            if (status != 0) {
                throw new BenchFailedException(operation.name() + " answered 0x" + Long.toHexString(status));
            }
        }
    }

    private Arena arena;
    private GuestMemorySystem system;
    private Platform platform;
    private Leaf aug;
    private Leaf block;
    private Leaf track;
    private Leaf remove;

    /// Opens a machine with one running TD that has tables for 1 GiB.
    @Setup
    public void open() {
        arena = Arena.ofShared();
        system = GuestMemorySystem.builder().build();
        platform = system.architecture("x86-tdx").provider().open(new PlatformContext(
                new PhysicalMemory(arena.allocate(LARGE, 4096), 0),
                List.of(new MemoryRange(0, FIRST_PAGE + BATCH * LARGE, MemoryRange.Kind.RAM)), Map.of()));
        ArchOperations operations = platform.operations();
        new Leaf(operations, "TDH.MNG.CREATE").call(TD, KEY);
        Leaf keys = new Leaf(operations, "TDH.MNG.KEY.CONFIG");
        keys.call.in(0, TD);
        keys.require();
        Leaf control = new Leaf(operations, "TDH.MNG.ADDCX");
        for (int page = 1; page <= CONTROL_PAGES; page++) {
            control.call(TD + page * 0x1000L, TD);
        }
        Leaf init = new Leaf(operations, "SETUP.MNG_INIT");
        init.call.in(3, 1);
        init.call(TD, 0, 48);
        Leaf table = new Leaf(operations, "TDH.MEM.SEPT.ADD");
        for (int level = TOP; level > 1; level--) {
            table.call(level, TD, TD + 0x1_0000 * (long) level);
        }
        new Leaf(operations, "TEST.SET_OP_STATE").call(TD, RUNNABLE);
        aug = new Leaf(operations, "TDH.MEM.PAGE.AUG");
        block = new Leaf(operations, "TDH.MEM.RANGE.BLOCK");
        track = new Leaf(operations, "TDH.MEM.TRACK");
        track.call.in(0, TD);
        remove = new Leaf(operations, "TDH.MEM.PAGE.REMOVE");
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        platform.close();
        system.close();
        arena.close();
    }

    /// A TD with all pages of the batch. JMH gives it a benchmark object of its own, so that is the one to be measured.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
    public static class Full {
        private TdxLeafBenchmark bench;

        /// Gives it those pages that it has not.
        @Setup(Level.Invocation)
        public void fill(TdxLeafBenchmark of) {
            bench = of;
            for (long page = 0; page < BATCH; page++) {
                bench.aug.call(operand(page), TD, FIRST_PAGE + page * LARGE);
            }
        }
    }

    /// Blocked, tracked, removed, one after the other.
    @Benchmark
    public void removeOneByOne(Full full, Allocated allocated) {
        TdxLeafBenchmark td = full.bench;
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            td.block.call(operand(page), TD);
            td.track.require();
            td.remove.call(operand(page), TD);
        }
        allocated.end();
    }

    /// All blocked, tracked once, all removed.
    @Benchmark
    public void removeTogether(Full full, Allocated allocated) {
        TdxLeafBenchmark td = full.bench;
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            td.block.call(operand(page), TD);
        }
        td.track.require();
        for (long page = 0; page < BATCH; page++) {
            td.remove.call(operand(page), TD);
        }
        allocated.end();
    }

    private static long operand(long page) {
        return page * LARGE | 1;
    }
}
