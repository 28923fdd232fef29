package org.enclosure.tdx.host;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;
import org.enclosure.tdx.TdxProvider;
import org.enclosure.tdx.wire.Tdcall;

/// One TD on a bare machine of 32 MiB with one vCPU, driven through the SPI by one thread.
final class BareTd implements AutoCloseable {
    static final int PRIVATE_WRITE = Access.READ | Access.WRITE | Access.PRIVATE;
    /// First frame that tests map.
    static final long FRAMES = 4096;

    private static final long BYTES = 32L << 20;
    private static final int CONTROL = 64;

    private final Arena arena = Arena.ofShared();
    private final PhysicalMemory memory = new PhysicalMemory(arena.allocate(BYTES, 4096), 0);
    final Platform platform = new TdxProvider().open(new PlatformContext(memory,
            List.of(new MemoryRange(0, BYTES, MemoryRange.Kind.RAM)), Map.of()));
    final FrameCache control = frames(16, CONTROL);
    final FrameCache vcpuFrames = frames(256, 16);
    final TableWork work = new TableWork(frames(512, 64));
    final FaultDetail detail = new FaultDetail();
    final GuestCall call = new GuestCall();
    final RegisterFile registers = new RegisterFile();
    final VmBackend vm;
    final GuestTable table;
    final VcpuBackend vcpu;

    BareTd(Map<String, String> settings) {
        this(TdxTypes.TD, settings);
    }

    BareTd(VmType type, Map<String, String> settings) {
        vm = platform.create(new VmContext(type, 4, 15, control, settings));
        table = vm.table();
        vcpu = vm.createVcpu(new VcpuContext(0, vcpuFrames));
    }

    private static FrameCache frames(long first, int count) {
        FrameCache frames = new FrameCache(2 * count);
        for (int i = 0; i < count; i++) {
            frames.push(first + i);
        }
        return frames;
    }

    PhysicalMemory memory() {
        return memory;
    }

    long map(long gfn, long pfn, int level) {
        work.reset(TableWork.FAULT, PRIVATE_WRITE);
        return table.map(gfn, pfn, level, work);
    }

    long admit(long gfn) {
        return vcpu.admit(gfn, Leaf.NONE, PRIVATE_WRITE, detail);
    }

    /// TDCALL with RAX and RCX.
    long tdcall(long rax, long rcx) {
        call.reset();
        registers.set(0, rax);
        registers.set(1, rcx);
        return vcpu.trap(Tdcall.INSTRUCTION, registers, call);
    }

    long accept(long gfn, int level) {
        return tdcall(Tdcall.MEM_PAGE_ACCEPT, gfn << Paging.PAGE_SHIFT | level - 1);
    }

    long enter() {
        return vcpu.enter(call, detail);
    }

    void leave() {
        vcpu.leave(VcpuBackend.LEFT_KICK, detail);
    }

    long block(long gfn, long pages) {
        work.reset(TableWork.CONVERT, Access.PRIVATE);
        return table.block(gfn, pages, work);
    }

    long flush() {
        work.reset(TableWork.CONVERT, Access.PRIVATE);
        return table.flush(work);
    }

    long remove(long gfn, long pfn, long pages) {
        work.reset(TableWork.CONVERT, Access.PRIVATE);
        return table.remove(gfn, pfn, pages, work);
    }

    @Override
    public void close() {
        platform.close();
        arena.close();
    }
}
