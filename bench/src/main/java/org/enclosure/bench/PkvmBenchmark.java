package org.enclosure.bench;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The tables of arm64 pKVM without the engine, a batch of pages an operation: whose is a frame, share and unshare, donate.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PkvmBenchmark {
    /// Pages of one batch.
    static final int BATCH = 512;

    private static final String ARCHITECTURE = "arm64-pkvm";
    private static final String TYPE = "protected";
    private static final long MEMORY = 16L << 20;
    private static final long FIRST_GFN = 0x4_0000;
    private static final long FIRST_PFN = 1024;
    private static final int CONTROL_FRAMES = 64;
    private static final int TABLE_FRAMES = 16;

    private final TableWork work = new TableWork(new FrameCache(2 * TABLE_FRAMES));
    private final FrameCache control = new FrameCache(2 * CONTROL_FRAMES);
    private final FaultDetail detail = new FaultDetail();
    private final GuestCall call = new GuestCall();
    private GuestMemorySystem system;
    private Arena arena;
    private Platform platform;
    private VmType type;
    private VmBackend vm;
    private GuestTable table;

    /// Opens a machine with one VM that has all pages of the batch.
    @Setup
    public void open() {
        system = GuestMemorySystem.builder().build();
        arena = Arena.ofShared();
        var provider = system.architecture(ARCHITECTURE).provider();
        platform = provider.open(new PlatformContext(new PhysicalMemory(arena.allocate(MEMORY, 4096), 0),
                List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM)), Map.of()));
        type = provider.vmTypes().stream().filter(one -> one.id().equals(TYPE)).findFirst().orElseThrow();
        for (long pfn = 0; pfn < CONTROL_FRAMES; pfn++) {
            control.push(pfn);
        }
        for (long pfn = CONTROL_FRAMES; pfn < CONTROL_FRAMES + TABLE_FRAMES; pfn++) {
            work.frames.push(pfn);
        }
        createVm();
        donateAll();
    }

    private void createVm() {
        vm = platform.create(new VmContext(type, 1, -1, control, Map.of()));
        table = vm.table();
    }

    private void endVm() {
        work.reset(TableWork.TEARDOWN, 0);
        long status = Status.MORE;
        while (status != Status.OK) {
            status = vm.teardown(work);
        }
        vm.close();
    }

    private void donateAll() {
        for (long page = 0; page < BATCH; page++) {
            map(page);
        }
    }

    private void map(long page) {
        work.reset(TableWork.FAULT, Access.READ | Access.WRITE | Access.PRIVATE);
        require(table.map(FIRST_GFN + page, FIRST_PFN + page, 1, work));
    }

    private static void require(long status) {
        if (status < 0) {
            throw new BenchFailedException("the table answered " + Status.describe(status));
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        endVm();
        platform.close();
        arena.close();
        system.close();
    }

    /// A VM with tables and no pages.
    @State(Scope.Thread)
    public static class Fresh {
        /// Replaces the VM; one page stays, so that the tables are there.
        @Setup(Level.Invocation)
        public void replace(PkvmBenchmark bench) {
            bench.endVm();
            bench.createVm();
            bench.map(0);
        }
    }

    /// A batch of judgements of host accesses.
    @Benchmark
    public long check(Allocated allocated) {
        allocated.begin();
        long denied = 0;
        for (long page = 0; page < BATCH; page++) {
            denied += platform.hostAccess(FIRST_PFN + BATCH + page, Access.READ, detail);
        }
        allocated.end();
        return denied;
    }

    /// A batch of pages that the guest shares and takes back.
    @Benchmark
    public void shareAndUnshare(Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            convert(page, false);
            convert(page, true);
        }
        allocated.end();
    }

    private void convert(long page, boolean toPrivate) {
        call.request = GuestCall.CONVERT;
        call.toPrivate = toPrivate;
        work.reset(TableWork.CONVERT, Access.PRIVATE);
        work.toPrivate = toPrivate;
        work.call = call;
        require(table.convert(FIRST_GFN + page, 1, work));
    }

    /// A batch of donations, without the zeroing.
    @Benchmark
    public void donate(Fresh fresh, Allocated allocated) {
        allocated.begin();
        for (long page = 1; page < BATCH; page++) {
            map(page);
        }
        allocated.end();
    }
}
