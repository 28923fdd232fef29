package org.enclosure.snp.host;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.SnpProvider;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// An SNP guest with one vCPU on a machine of 8 MiB without an engine.
final class BareGuest implements AutoCloseable {
    private static final long MEMORY = 8L << 20;
    private static final int FRAMES = 4;

    private final Arena arena = Arena.ofConfined();
    private final PhysicalMemory memory = new PhysicalMemory(arena.allocate(MEMORY, 4096), 0);
    private final Platform platform = new SnpProvider().open(new PlatformContext(memory,
            List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM)), Map.of()));
    private final VmBackend vm = platform
            .create(new VmContext(SnpTypes.SNP, 2, 1, frames(0x10), Map.of()));
    private final VcpuBackend vcpu = vm.createVcpu(new VcpuContext(0, frames(0x20)));

    private static FrameCache frames(long first) {
        FrameCache frames = new FrameCache(FRAMES);
        for (long pfn = first; pfn < first + FRAMES; pfn++) {
            frames.push(pfn);
        }
        return frames;
    }

    PhysicalMemory memory() {
        return memory;
    }

    Platform platform() {
        return platform;
    }

    GuestTable table() {
        return vm.table();
    }

    VcpuBackend vcpu() {
        return vcpu;
    }

    void msr(RegisterFile registers, GuestCall call, long value) {
        registers.clear();
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        registers.set(Abi.RAX, value & 0xffff_ffffL);
        registers.set(Abi.RDX, value >>> 32);
        execute(Abi.WRMSR, registers, call, GuestCall.NO_FRAME);
    }

    /// Executes an instruction; the page that it needs is `window`.
    long execute(int instruction, RegisterFile registers, GuestCall call, long window) {
        call.reset();
        long status = vcpu.trap(instruction, registers, call);
        if (Status.kind(status) == Status.NEED_PAGE) {
            call.windowPfn = window;
            status = vcpu.trap(instruction, registers, call);
        }
        return status;
    }

    /// Answers a request.
    long answer(RegisterFile registers, GuestCall call, long hostStatus, long window) {
        call.windowPfn = GuestCall.NO_FRAME;
        long status = vcpu.answer(call, hostStatus, registers);
        if (Status.kind(status) == Status.NEED_PAGE) {
            call.windowPfn = window;
            status = vcpu.answer(call, hostStatus, registers);
        }
        return status;
    }

    @Override
    public void close() {
        vcpu.close();
        vm.close();
        platform.close();
        arena.close();
    }
}
