package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A page state change of as many entries as fit, none of which joins another: the host is asked for each, and says yes at once.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SnpPscBenchmark {
    /// Entries of the buffer.
    static final int ENTRIES = PscEntry.MAX_ENTRIES;

    private static final long GHCB = 0x12_3000;
    /// The system page behind it.
    private static final long WINDOW = BareVm.FIRST_PFN + 1;
    private static final int STRIDE = 2;

    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();
    private BareVm machine;
    private VcpuBackend vcpu;
    private PhysicalMemory memory;

    /// Opens a machine with one vCPU and registers its GHCB.
    @Setup
    public void open() {
        machine = new BareVm("x86-snp", "snp", Map.of());
        memory = machine.memory();
        FrameCache frame = new FrameCache(1);
        frame.push(BareVm.FIRST_PFN + BareVm.PAGES - 1);
        vcpu = machine.vm().createVcpu(new VcpuContext(0, frame));
        write(GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, GHCB >>> 12));
        vcpu.trap(Abi.VMGEXIT, registers, call);
        write(GHCB);
    }

    private void write(long msr) {
        call.reset();
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        registers.set(Abi.RAX, msr & 0xffff_ffffL);
        registers.set(Abi.RDX, msr >>> 32);
        vcpu.trap(Abi.WRMSR, registers, call);
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        vcpu.close();
        machine.close();
    }

    /// Writes the request into the page.
    @Setup(Level.Invocation)
    public void fill() {
        long page = WINDOW << 12;
        memory.putLong(page + Ghcb.VALID_BITMAP, -1);
        memory.putLong(page + Ghcb.VALID_BITMAP + Long.BYTES, -1);
        memory.putLong(page + Ghcb.EXIT_CODE, Ghcb.EVENT_PSC);
        memory.putLong(page + Ghcb.SCRATCH, GHCB + Ghcb.SHARED_BUFFER);
        long buffer = page + Ghcb.SHARED_BUFFER;
        memory.putLong(buffer, PscEntry.header(0, ENTRIES - 1, 0));
        for (int entry = 0; entry < ENTRIES; entry++) {
            long gfn = BareVm.FIRST_GFN + (long) entry * STRIDE;
            memory.putLong(buffer + PscEntry.HEADER_BYTES + (long) entry * Long.BYTES,
                    PscEntry.of(0, gfn, PscEntry.SHARED, false, 0));
        }
    }

    /// One event with all its requests.
    @Benchmark
    public void change(Allocated allocated) {
        allocated.begin();
        call.reset();
        call.exitEnabled = true;
        call.windowPfn = WINDOW;
        long status = vcpu.trap(Abi.VMGEXIT, registers, call);
        int requests = 0;
        while (Status.has(status, Status.REQUEST)) {
            requests++;
            status = vcpu.answer(call, Status.OK, registers);
        }
        allocated.end();
        if (requests != ENTRIES) {
            throw new BenchFailedException(requests + " requests of " + ENTRIES);
        }
    }
}
