package org.enclosure.software;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.FrameCache;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// A machine with 8 MiB and no engine.
final class Bare {
    static final long FRAMES = 2048;

    final PhysicalMemory memory = new PhysicalMemory(Arena.ofAuto().allocate(FRAMES << 12, 4096), 0);
    final SoftwarePlatform platform = new SoftwarePlatform(context(memory, Map.of()));

    static PlatformContext context(PhysicalMemory memory, Map<String, String> options) {
        return new PlatformContext(memory, List.of(new MemoryRange(0, FRAMES << 12, MemoryRange.Kind.RAM)), options);
    }

    VmBackend vm(VmType type) {
        return platform.create(new VmContext(type, 2, -1, new FrameCache(0), Map.of()));
    }

    static TableWork work(int reason, int access) {
        TableWork work = new TableWork(new FrameCache(0));
        work.reset(reason, access);
        return work;
    }
}
