package org.enclosure.pkvm.machine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;

/// What lies where in the physical address space: the first check of every call.
final class Regions {
    private final PhysicalMemory memory;
    private final long[] start;
    private final long[] end;
    private final boolean[] isRam;

    Regions(PhysicalMemory memory, List<MemoryRange> ranges) {
        this.memory = memory;
        List<MemoryRange> sorted = ranges.stream().sorted(Comparator.comparingLong(MemoryRange::pa)).toList();
        start = sorted.stream().mapToLong(MemoryRange::pa).toArray();
        end = sorted.stream().mapToLong(range -> range.pa() + range.bytes()).toArray();
        isRam = new boolean[start.length];
        for (int i = 0; i < isRam.length; i++) {
            isRam[i] = sorted.get(i).kind() == MemoryRange.Kind.RAM;
        }
    }

    /// The first pfn behind all regions.
    long pfnLimit() {
        return end.length == 0 ? 0 : end[end.length - 1] >>> Paging.PAGE_SHIFT;
    }

    /// The pfns at which regions start or end.
    long[] edges() {
        return LongStream.concat(Arrays.stream(start), Arrays.stream(end))
                .map(pa -> pa >>> Paging.PAGE_SHIFT).distinct().toArray();
    }

    /// Checks a range: EINVAL if it crosses the end of a region (a gap is one, too), EPERM if it is not RAM.
    long check(long pa, long bytes) {
        for (int i = 0; i < start.length; i++) {
            if (pa < start[i]) {
                return pa + bytes > start[i] ? HypErrno.EINVAL : HypErrno.EPERM;
            }
            if (pa < end[i]) {
                return bytes > end[i] - pa ? HypErrno.EINVAL
                        : isRam[i] && memory.contains(pa, bytes) ? HypErrno.OK : HypErrno.EPERM;
            }
        }
        return HypErrno.EPERM;
    }
}
