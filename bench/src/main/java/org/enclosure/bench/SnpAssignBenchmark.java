package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.TableWork;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The RMP of x86-snp without the engine: a batch of free pages that become the guest's.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SnpAssignBenchmark {
    /// Pages of one batch.
    static final int BATCH = 512;

    private BareVm machine;

    /// Opens a machine with one VM.
    @Setup
    public void open() {
        machine = new BareVm("x86-snp", "snp", Map.of());
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        machine.close();
    }

    /// Takes the batch back.
    @Setup(Level.Invocation)
    public void remove() {
        machine.work.reset(TableWork.PUNCH, Access.PRIVATE);
        BareVm.require(machine.table().remove(BareVm.FIRST_GFN, BareVm.FIRST_PFN, BATCH, machine.work));
    }

    /// A batch.
    @Benchmark
    public void assign(Allocated allocated) {
        allocated.begin();
        for (long page = 0; page < BATCH; page++) {
            machine.map(page);
        }
        allocated.end();
    }
}
