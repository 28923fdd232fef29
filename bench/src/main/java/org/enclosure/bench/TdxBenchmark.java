package org.enclosure.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A TD without the engine, a batch of pages an operation: what is looked at when its TLB is filled, and a page that comes.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class TdxBenchmark {
    /// Pages of one batch.
    static final int BATCH = 512;

    private RunningTd td;

    /// Opens a machine with one running TD that has all pages of the batch.
    @Setup
    public void open() {
        td = new RunningTd(BATCH);
        for (long page = 0; page < BATCH; page++) {
            td.map(page);
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        td.close();
    }

    /// A TD with tables and one page.
    public static class Fresh extends RenewedVm {
        /// Creates the state.
        public Fresh() {
            super(() -> new RunningTd(BATCH));
        }
    }

    /// A batch of looks at the secure EPT, as for a TLB miss.
    @Benchmark
    public long check(Allocated allocated) {
        allocated.begin();
        long refused = 0;
        for (long page = 0; page < BATCH; page++) {
            refused += td.admit(page) < 0 ? 1 : 0;
        }
        allocated.end();
        return refused;
    }

    /// A batch of pages that come, zeroed.
    @Benchmark
    public void augAndAccept(Fresh fresh, Allocated allocated) {
        fresh.mapBatch(BATCH, allocated);
    }
}
