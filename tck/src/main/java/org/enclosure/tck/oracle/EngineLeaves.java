package org.enclosure.tck.oracle;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.S2Format;

/// Reads the engine's stage 2 as the format says, without the engine's help.
public final class EngineLeaves {
    /// No leaf.
    public static final long NONE = -1;

    private static final int INDEX_MASK = (1 << Paging.LEVEL_SHIFT) - 1;

    private final PhysicalMemory memory;
    private final S2Format format;
    private final long rootPfn;

    /// @param rootPfn first frame of the root table
    public EngineLeaves(PhysicalMemory memory, S2Format format, long rootPfn) {
        this.memory = memory;
        this.format = format;
        this.rootPfn = rootPfn;
    }

    /// The frame to which a gfn is mapped, or [#NONE].
    public long pfn(long gfn) {
        long table = rootPfn << Paging.PAGE_SHIFT;
        long index = gfn >>> Paging.order(format.topLevel());
        for (int level = format.topLevel();; level--) {
            long entry = memory.getLongAcquire(table + index * Long.BYTES); // ORDERING: partner the engine's publication
            if ((entry & format.present()) == 0) {
                return NONE;
            }
            long frame = (entry & format.frameMask()) >>> Paging.PAGE_SHIFT;
            if (level == Paging.LEVEL_4K || (entry & format.leaf()) != 0) {
                return frame + gfn - Paging.floor(gfn, level);
            }
            table = frame << Paging.PAGE_SHIFT;
            index = gfn >>> Paging.order(level - 1) & INDEX_MASK;
        }
    }
}
