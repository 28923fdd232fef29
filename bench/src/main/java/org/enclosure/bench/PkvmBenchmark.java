package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.TableWork;
import org.openjdk.jmh.annotations.Benchmark;
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

    private final GuestCall call = new GuestCall();
    private BareVm machine;
    private GuestTable table;
    private TableWork work;

    /// Opens a machine with one VM that has all pages of the batch.
    @Setup
    public void open() {
        machine = new BareVm(ARCHITECTURE, TYPE, Map.of());
        table = machine.table();
        work = machine.work;
        for (long page = 0; page < BATCH; page++) {
            machine.map(page);
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        machine.close();
    }

    /// A VM with tables and one page.
    public static class Fresh extends RenewedVm {
        /// Creates the state.
        public Fresh() {
            super(() -> new BareVm(ARCHITECTURE, TYPE, Map.of()));
        }
    }

    /// A batch of judgements of host accesses.
    @Benchmark
    public long check(Allocated allocated) {
        return machine.readAsHost(BATCH, BATCH, allocated);
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
        BareVm.require(table.convert(BareVm.FIRST_GFN + page, 1, work));
    }

    /// A batch of donations, without the zeroing.
    @Benchmark
    public void donate(Fresh fresh, Allocated allocated) {
        fresh.mapBatch(BATCH, allocated);
    }
}
