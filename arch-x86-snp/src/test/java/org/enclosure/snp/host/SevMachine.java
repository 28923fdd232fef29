package org.enclosure.snp.host;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.snp.SnpProvider;
import org.enclosure.spi.FrameCache;
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

/// A machine of 8 MiB without engine, and guests without RMP on it.
final class SevMachine {
    static final long FRAMES = 2048;
    static final int PRIVATE = Access.READ | Access.WRITE | Access.PRIVATE;
    static final int SHARED = Access.READ | Access.WRITE;

    final PhysicalMemory memory = new PhysicalMemory(Arena.ofAuto().allocate(FRAMES << 12, 4096), 0);
    final Platform platform = new SnpProvider().open(new PlatformContext(memory,
            List.of(new MemoryRange(0, FRAMES << 12, MemoryRange.Kind.RAM)), Map.of()));

    VmBackend vm(VmType type) {
        return platform.create(new VmContext(type, 4, -1, new FrameCache(8), Map.of()));
    }

    VcpuBackend vcpu(VmBackend vm, int index) {
        return vm.createVcpu(new VcpuContext(index, new FrameCache(8)));
    }

    TableWork work(int reason, int access) {
        TableWork work = new TableWork(new FrameCache(8));
        work.reset(reason, access);
        return work;
    }
}
