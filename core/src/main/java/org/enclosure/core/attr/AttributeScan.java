package org.enclosure.core.attr;

import static org.enclosure.core.attr.AttributeBits.BLOCK_SHIFT;
import static org.enclosure.core.attr.AttributeBits.fill;

import org.enclosure.api.Paging;

/// Finds where the kind changes in an [AttributeMap], by words.
final class AttributeScan {
    private final AttributeBits bits;

    AttributeScan(AttributeBits bits) {
        this.bits = bits;
    }

    /// Whether the GiB around a page has one kind.
    boolean isChunkUniform(long page) {
        long slab = bits.slab(page);
        long first = Paging.floor(page, Paging.LEVEL_1G);
        long end = first + Paging.PAGES_PER_1G;
        return slab == 0 || runEndInSlab(slab, first, end, bits.differs(first)) == end;
    }

    /// The end of the run of pages of one kind that starts at a page: at most `end`.
    long runEnd(long page, long end) {
        boolean differs = page < end && bits.differs(page);
        long at = page;
        while (at < end) {
            long stop = Math.min(end, bits.slabEnd(at));
            long slab = bits.slab(at);
            if (slab != 0) {
                at = runEndInSlab(slab, at, stop, differs);
            } else if (!differs) {
                stop = Math.min(end, bits.nextSlab(at));
                at = stop;
            }
            if (at < stop) {
                return at;
            }
        }
        return end;
    }

    private long runEndInSlab(long slab, long page, long end, boolean differs) {
        long at = page;
        while (at < end) {
            long block = at >>> BLOCK_SHIFT;
            long run = uniformBlocks(slab, block, differs);
            long stop = block + Math.max(run, 1) << BLOCK_SHIFT;
            if (run == 0) {
                long change = bits.isMixed(at) ? runEndInBlock(slab, at, differs) : at;
                if (change < stop) {
                    return Math.min(change, end);
                }
            }
            at = stop;
        }
        return end;
    }

    /// How many blocks from one on, in its word, are uniform and of a kind.
    private long uniformBlocks(long slab, long block, boolean differs) {
        long summary = bits.summary(slab, block);
        long mixed = AttributeBits.mixed(summary);
        long others = (mixed | AttributeBits.value(summary) ^ fill(differs)) >>> block;
        return Math.min(Long.numberOfTrailingZeros(others), 64 - (block & 63));
    }

    /// The first page from one on, in its mixed block, of the other kind, or the end of the block.
    private long runEndInBlock(long slab, long page, boolean differs) {
        long at = page;
        do {
            long others = (bits.bits(slab, at) ^ fill(differs)) >>> at;
            if (others != 0) {
                return at + Long.numberOfTrailingZeros(others);
            }
            at = (at | 63) + 1;
        } while (!Paging.isAligned(at, Paging.LEVEL_2M));
        return at;
    }

    /// How many pages differ from the initial kind.
    long differing() {
        long count = 0;
        for (long at = bits.nextSlab(0); at < bits.pages; at = bits.nextSlab(at)) {
            boolean differs = bits.differs(at);
            long stop = runEndInSlab(bits.slab(at), at, Math.min(bits.pages, bits.slabEnd(at)), differs);
            count += differs ? stop - at : 0;
            at = Math.max(stop, at + 1);
        }
        return count;
    }
}
