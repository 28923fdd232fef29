package org.enclosure.bench;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.MemoryRange;
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

    private Arena arena;
    private GuestMemorySystem system;
    private Platform platform;
    private NamedLeaf aug;
    private NamedLeaf block;
    private NamedLeaf track;
    private NamedLeaf remove;

    /// Opens a machine with one running TD that has tables for 1 GiB.
    @Setup
    public void open() {
        arena = Arena.ofShared();
        system = GuestMemorySystem.builder().build();
        platform = system.architecture("x86-tdx").provider().open(new PlatformContext(
                new PhysicalMemory(arena.allocate(LARGE, 4096), 0),
                List.of(new MemoryRange(0, FIRST_PAGE + BATCH * LARGE, MemoryRange.Kind.RAM)), Map.of()));
        ArchOperations operations = platform.operations();
        createTd(operations);
        aug = new NamedLeaf(operations, "TDH.MEM.PAGE.AUG");
        block = new NamedLeaf(operations, "TDH.MEM.RANGE.BLOCK");
        track = new NamedLeaf(operations, "TDH.MEM.TRACK");
        remove = new NamedLeaf(operations, "TDH.MEM.PAGE.REMOVE");
    }

    private static void createTd(ArchOperations operations) {
        new NamedLeaf(operations, "TDH.MNG.CREATE").call(TD, KEY);
        new NamedLeaf(operations, "TDH.MNG.KEY.CONFIG").call(TD);
        NamedLeaf control = new NamedLeaf(operations, "TDH.MNG.ADDCX");
        for (int page = 1; page <= CONTROL_PAGES; page++) {
            control.call(TD + page * 0x1000L, TD);
        }
        new NamedLeaf(operations, "SETUP.MNG_INIT").call(TD, 0, 48, 1);
        NamedLeaf table = new NamedLeaf(operations, "TDH.MEM.SEPT.ADD");
        for (int level = TOP; level > 1; level--) {
            table.call(level, TD, TD + 0x1_0000 * (long) level);
        }
        new NamedLeaf(operations, "TEST.SET_OP_STATE").call(TD, RUNNABLE);
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        platform.close();
        system.close();
        arena.close();
    }

    /// Gives the TD those pages of the batch that it has not.
    @Setup(Level.Invocation)
    public void fill() {
        for (long page = 0; page < BATCH; page++) {
            aug.call(operand(page), TD, FIRST_PAGE + page * LARGE);
        }
    }

    /// Blocked, tracked, removed, one after the other.
    @Benchmark
    public void removeOneByOne(Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            block.call(operand(page), TD);
            track.call(TD);
            remove.call(operand(page), TD);
        }
        allocated.end();
    }

    /// All blocked, tracked once, all removed.
    @Benchmark
    public void removeTogether(Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            block.call(operand(page), TD);
        }
        track.call(TD);
        for (long page = 0; page < BATCH; page++) {
            remove.call(operand(page), TD);
        }
        allocated.end();
    }

    private static long operand(long page) {
        return page * LARGE | 1;
    }
}
