package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
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

    private static final int TDCALL = 1;
    /// Leaf TDG.MEM.PAGE.ACCEPT.
    private static final long ACCEPT = 6;
    private static final int ACCESS = Access.READ | Access.WRITE | Access.PRIVATE;

    private final FaultDetail detail = new FaultDetail();
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();
    private BareVm machine;
    private VcpuBackend vcpu;

    /// Opens a machine with one running TD that has all pages of the batch.
    @Setup
    public void open() {
        machine = new BareVm("x86-tdx", "td", Map.of()).removing(BATCH);
        enter();
        for (long page = 0; page < BATCH; page++) {
            come(page);
        }
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        leave();
        machine.close();
    }

    private void enter() {
        vcpu = machine.createVcpu();
        BareVm.require(vcpu.enter(call, detail));
    }

    private void leave() {
        vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        vcpu.close();
    }

    /// A TD with tables and one page. JMH gives it a benchmark object of its own, so that is the one to be measured.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
    public static class Fresh {
        private TdxBenchmark bench;

        /// Replaces the TD; one page stays, so that the tables are there.
        @Setup(Level.Invocation)
        public void replace(TdxBenchmark of) {
            bench = of;
            bench.leave();
            bench.machine.renew();
            bench.enter();
            bench.come(0);
        }
    }

    /// TDH.MEM.PAGE.AUG by the host, TDG.MEM.PAGE.ACCEPT by the guest.
    private void come(long page) {
        machine.map(page);
        call.reset();
        registers.set(0, ACCEPT);
        registers.set(1, BareVm.FIRST_GFN + page << Paging.PAGE_SHIFT);
        if (vcpu.trap(TDCALL, registers, call) != Status.OK || registers.get(0) != 0) {
            throw new BenchFailedException("ACCEPT answered 0x" + Long.toHexString(registers.get(0)));
        }
    }

    /// A batch of looks at the secure EPT, as for a TLB miss.
    @Benchmark
    public long check(Allocated allocated) {
        allocated.begin();
        long refused = 0;
        for (long page = 0; page < BATCH; page++) {
            refused += vcpu.admit(BareVm.FIRST_GFN + page, Leaf.NONE, ACCESS, detail) < 0 ? 1 : 0;
        }
        allocated.end();
        return refused;
    }

    /// A batch of pages that come, zeroed.
    @Benchmark
    public void augAndAccept(Fresh fresh, Allocated allocated) {
        TdxBenchmark td = fresh.bench;
        allocated.begin();
        for (long page = 1; page < BATCH; page++) {
            td.come(page);
        }
        allocated.end();
    }
}
