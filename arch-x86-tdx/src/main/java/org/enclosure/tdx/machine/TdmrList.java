package org.enclosure.tdx.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.enclosure.spi.MemoryRange;

/// The memory that the module may use (TDMRs): whole GiB, of which what is no RAM is reserved.
///
/// @param regions ascending, disjoint
/// @param ram the platform's RAM
public record TdmrList(List<Region> regions, List<MemoryRange> ram) {
    private static final long GIB = 1L << 30;

    /// One TDMR.
    ///
    /// @param base a multiple of 1 GiB
    /// @param bytes a positive multiple of 1 GiB
    public record Region(long base, long bytes) {
        /// Checks the alignment.
        public Region {
            if (base < 0 || bytes <= 0 || ((base | bytes) & GIB - 1) != 0 || base + bytes > 1L << Pamt.ADDRESS_BITS) {
                throw new IllegalArgumentException("a TDMR at 0x" + Long.toHexString(base) + " of 0x"
                        + Long.toHexString(bytes) + " bytes is not made of whole GiB below 2^46");
            }
        }
    }

    /// Checks the order.
    public TdmrList {
        regions = List.copyOf(regions);
        ram = ram.stream().filter(range -> range.kind() == MemoryRange.Kind.RAM).toList();
        for (int i = 1; i < regions.size(); i++) {
            if (regions.get(i).base() < regions.get(i - 1).base() + regions.get(i - 1).bytes()) {
                throw new IllegalArgumentException("TDMRs must ascend and not overlap: 0x"
                        + Long.toHexString(regions.get(i).base()) + " comes too early");
            }
        }
    }

    /// One TDMR for each stretch of GiB that has RAM.
    public static TdmrList covering(List<MemoryRange> ranges) {
        List<Region> regions = new ArrayList<>();
        long end = -1;
        List<MemoryRange> sorted = ranges.stream().filter(range -> range.kind() == MemoryRange.Kind.RAM)
                .sorted(Comparator.comparingLong(MemoryRange::pa)).toList();
        for (MemoryRange range : sorted) {
            long first = Math.max(range.pa() & -GIB, end);
            long last = range.pa() + range.bytes() + GIB - 1 & -GIB;
            if (last > first) {
                regions.add(new Region(first, last - first));
                end = last;
            }
        }
        return new TdmrList(regions, ranges);
    }

    /// Builds the tables, all initialised.
    Pamt pamt() {
        long limit = regions.isEmpty() ? 0 : regions.getLast().base() + regions.getLast().bytes();
        Pamt pamt = new Pamt(limit);
        for (Region region : regions) {
            for (long at = region.base(); at < region.base() + region.bytes(); at += GIB) {
                PamtBlock block = new PamtBlock(at, at == region.base(), pa -> !isRam(pa));
                block.initialised(512 * 512);
                pamt.add(block);
            }
        }
        return pamt;
    }

    private boolean isRam(long pa) {
        for (MemoryRange range : ram) {
            if (range.contains(pa)) {
                return true;
            }
        }
        return false;
    }
}
