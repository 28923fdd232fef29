package org.enclosure.testarch;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// A machine with 16 MiB and no engine (rule LOAD-4). Frames from 2048 are handed out for tables.
public final class Bare {
    /// Frames of the machine.
    public static final long FRAMES = 4096;
    /// An access of a guest to private memory.
    public static final int PRIVATE = Access.READ | Access.WRITE | Access.PRIVATE;
    /// An access of a guest to shared memory.
    public static final int SHARED = Access.READ | Access.WRITE;

    /// Its memory.
    public final PhysicalMemory memory = new PhysicalMemory(Arena.ofAuto().allocate(FRAMES << 12, 4096), 0);
    /// Its platform.
    public final Platform platform = new TestProvider().open(context(Map.of()));
    private long nextTable = 2048;

    /// Builds the machine.
    public Bare() {
    }

    /// A context for this machine's memory.
    public PlatformContext context(Map<String, String> options) {
        return new PlatformContext(memory, List.of(new MemoryRange(0, FRAMES << 12, MemoryRange.Kind.RAM)), options);
    }

    /// Creates a VM.
    public VmBackend vm(VmType type) {
        return platform.create(new VmContext(type, 4, -1, frames(1), Map.of()));
    }

    /// A cache with fresh frames.
    public FrameCache frames(int count) {
        FrameCache frames = new FrameCache(Math.max(count, 8));
        for (int i = 0; i < count; i++) {
            frames.push(nextTable++);
        }
        return frames;
    }

    /// A work block with eight table frames.
    public TableWork work(int reason, int access) {
        TableWork work = new TableWork(frames(8));
        work.reset(reason, access);
        return work;
    }
}
