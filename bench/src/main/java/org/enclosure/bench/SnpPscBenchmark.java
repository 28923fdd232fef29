package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
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
    static final int ENTRIES = SnpAbi.MAX_ENTRIES;

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
        vcpu = machine.createVcpu();
        write(SnpAbi.registration(GHCB >>> 12));
        vcpu.trap(SnpAbi.VMGEXIT, registers, call);
        write(GHCB);
    }

    private void write(long msr) {
        call.reset();
        SnpAbi.msr(registers, msr);
        vcpu.trap(SnpAbi.WRMSR, registers, call);
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
        memory.putLong(page + SnpAbi.VALID_BITMAP, -1);
        memory.putLong(page + SnpAbi.VALID_BITMAP + Long.BYTES, -1);
        memory.putLong(page + SnpAbi.EXIT_CODE, SnpAbi.EVENT_PSC);
        memory.putLong(page + SnpAbi.SCRATCH, GHCB + SnpAbi.SHARED_BUFFER);
        long buffer = page + SnpAbi.SHARED_BUFFER;
        memory.putLong(buffer, SnpAbi.header(ENTRIES));
        for (int entry = 0; entry < ENTRIES; entry++) {
            long gfn = BareVm.FIRST_GFN + (long) entry * STRIDE;
            memory.putLong(buffer + SnpAbi.HEADER_BYTES + (long) entry * Long.BYTES,
                    SnpAbi.share(gfn));
        }
    }

    /// One event with all its requests.
    @Benchmark
    public void change(Allocated allocated) {
        allocated.begin();
        call.reset();
        call.exitEnabled = true;
        call.windowPfn = WINDOW;
        long status = vcpu.trap(SnpAbi.VMGEXIT, registers, call);
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
