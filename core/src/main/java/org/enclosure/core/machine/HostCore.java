package org.enclosure.core.machine;

import org.enclosure.api.store.StoreKind;
import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.HugePool;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.jspecify.annotations.Nullable;

/// What all VMs of a host share.
///
/// @param memory the RAM
/// @param frames who has which frame
/// @param physical the RAM as plugins see it
/// @param platform the tables
/// @param architecture id of the platform, for messages
/// @param pool2m huge pages for stores
/// @param pool1g huge pages for stores
public record HostCore(HostMemory memory, FrameAllocator frames, PhysicalMemory physical, Platform platform,
        String architecture, HugePool pool2m, HugePool pool1g) {
    /// With empty pools.
    public HostCore(HostMemory memory, FrameAllocator frames, PhysicalMemory physical, Platform platform,
            String architecture) {
        this(memory, frames, physical, platform, architecture, new HugePool(frames, StoreKind.HUGE_2M.order()),
                new HugePool(frames, StoreKind.HUGE_1G.order()));
    }

    /// The pool of a kind of stores, or null.
    public @Nullable HugePool pool(StoreKind kind) {
        return switch (kind) {
            case ORDINARY -> null;
            case HUGE_2M -> pool2m;
            case HUGE_1G -> pool1g;
        };
    }

    /// Fills a cache with zeroed frames. Allocates no objects.
    ///
    /// @return false if there are not enough free frames; then the cache holds what could be had
    public boolean topUp(FrameCache cache, int wanted) {
        while (cache.size() < wanted) {
            long pfn = frames.allocate(0);
            if (pfn < 0) {
                return false;
            }
            frames.zero(pfn, 0);
            frames.markTable(pfn, 0);
            cache.push(pfn);
        }
        return true;
    }

    /// Gives all frames of a cache back.
    public void drain(FrameCache cache) {
        while (cache.size() > 0) {
            frames.free(cache.pop(), 0);
        }
    }
}
