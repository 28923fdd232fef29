package org.enclosure.core.s2;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.S2Format;

/// A small host with one stage-2 table.
final class TableFrames implements AutoCloseable {
    /// 4 levels of 512 entries, bits in the low end.
    static final S2Format FOUR_LEVELS = new S2Format(4, 512, 0b101, 0b10, 1 << 7, 0xf_ffff_ffff_f000L);
    /// 5 levels, bits in the high end.
    static final S2Format FIVE_LEVELS = new S2Format(5, 16, 1L << 63, 1L << 62, 1L << 61, 0xf_ffff_ffff_f000L);
    /// 3 levels under 8 joined root tables.
    static final S2Format JOINED_ROOTS = new S2Format(3, 4096, 1, 1 << 6, 1 << 1, 0xff_ffff_f000L);

    final HostMemory memory = HostMemory.reserve(2L << 30);
    final FrameAllocator frames = new FrameAllocator(memory);
    final FrameCache cache = new FrameCache(8);
    final FrameList detached = new FrameList(frames);
    final S2Table table;
    private final long root;
    private final int rootOrder;

    TableFrames(S2Format format) {
        rootOrder = format.rootOrder();
        root = frames.allocate(rootOrder);
        frames.zero(root, rootOrder);
        table = new S2Table(memory, format, root);
    }

    /// Fills a cache with zeroed frames.
    void topUp(FrameCache target) {
        while (target.size() < target.capacity()) {
            long pfn = frames.allocate(0);
            frames.zero(pfn, 0);
            target.push(pfn);
        }
    }

    void drain(FrameCache source) {
        while (source.size() > 0) {
            frames.free(source.pop(), 0);
        }
    }

    /// Frames that are used, without those in the cache.
    long usedFrames() {
        return frames.usedFrames() - cache.size();
    }

    @Override
    public void close() {
        table.close(detached);
        detached.freeAll();
        drain(cache);
        frames.free(root, rootOrder);
        if (frames.usedFrames() != 0) {
            throw new AssertionError(frames.usedFrames() + " table frames never came back");
        }
        frames.close();
        memory.close();
    }
}
