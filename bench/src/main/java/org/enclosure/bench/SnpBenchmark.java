package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.VcpuBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The RMP of x86-snp without the engine, a batch of pages an operation.
///
/// ```
/// page of the guest   0 .. 511        512 .. 1023
///                     4K, validated   one page of 2M
/// ```
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SnpBenchmark {
    /// Operations of one batch.
    static final int BATCH = 512;

    private static final long LARGE_PAGE = BATCH;
    private static final int PRIVATE_READ = Access.READ | Access.PRIVATE;

    private final FaultDetail detail = new FaultDetail();
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();
    private BareVm machine;
    private VcpuBackend vcpu;

    /// Opens a machine with one VM.
    @Setup
    public void open() {
        machine = new BareVm("x86-snp", "snp", Map.of());
        vcpu = machine.createVcpu();
        for (long page = 0; page < BATCH; page++) {
            machine.map(page);
            pvalidate(page, Paging.LEVEL_4K, true);
        }
        machine.map(LARGE_PAGE, Paging.LEVEL_2M);
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        vcpu.close();
        machine.close();
    }

    private void pvalidate(long page, int level, boolean validate) {
        long gfn = BareVm.FIRST_GFN + page;
        call.reset();
        call.leaf = Leaf.of(BareVm.FIRST_PFN + page, level, Leaf.ALL);
        registers.set(SnpAbi.RAX, gfn << Paging.PAGE_SHIFT);
        registers.set(SnpAbi.RCX, level - 1L);
        registers.set(SnpAbi.RDX, validate ? 1 : 0);
        long status = vcpu.trap(SnpAbi.PVALIDATE, registers, call);
        if (status < 0 || registers.get(SnpAbi.RAX) != 0 || (registers.get(SnpAbi.RFLAGS) & SnpAbi.CF) != 0) {
            throw new BenchFailedException("PVALIDATE did not change page " + page);
        }
    }

    /// A batch of checks of accesses to validated pages.
    @Benchmark
    public long check(Allocated allocated) {
        allocated.begin();
        long granted = 0;
        for (long page = 0; page < BATCH; page++) {
            granted += vcpu.admit(BareVm.FIRST_GFN + page, Leaf.of(BareVm.FIRST_PFN + page, Paging.LEVEL_4K, Leaf.ALL),
                    PRIVATE_READ, detail);
        }
        allocated.end();
        return granted;
    }

    /// A batch of instructions that validate a page of 2M and take that back.
    @Benchmark
    public void pvalidate() {
        for (int round = 0; round < BATCH / 2; round++) {
            pvalidate(LARGE_PAGE, Paging.LEVEL_2M, true);
            pvalidate(LARGE_PAGE, Paging.LEVEL_2M, false);
        }
    }
}
