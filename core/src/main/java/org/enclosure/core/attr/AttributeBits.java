package org.enclosure.core.attr;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.LazySlabs;
import org.enclosure.core.mem.Raw;

/// Where the words of an [AttributeMap] are, and how one page is read.
///
/// ```
/// slab of up to 1024 chunks of 1 GiB, reserved at first use
///   summaries  per chunk 8 words "value", 8 words "mixed": a bit of each per 2M block
///   bits       per chunk 512 blocks of 8 words: a bit per page, meaningful while the block is mixed
/// ```
///
/// A bit says that a page differs from the initial kind. Shifts by a page or block number use its low 6 bits, which number
/// the bits of a word.
final class AttributeBits implements AutoCloseable {
    static final int BLOCK_SHIFT = Paging.LEVEL_SHIFT;
    static final int WORDS_PER_BLOCK = 8;
    private static final int SUMMARY_WORDS = 8;
    /// From a word of values to the word of mixed bits of the same blocks.
    static final long MIXED = SUMMARY_WORDS * Long.BYTES;

    private static final int CHUNK_SHIFT = 2 * Paging.LEVEL_SHIFT;
    private static final long MAX_CHUNKS_PER_SLAB = 1024;
    private static final long CHUNK_BYTES = (long) WORDS_PER_BLOCK * Long.BYTES << BLOCK_SHIFT;
    private static final long SUMMARY_BYTES = 2 * MIXED;

    final long pages;
    private final int slabShift;
    private final long chunkMask;
    private final long wordMask;
    private final long bitsOffset;
    private final LazySlabs slabs;

    AttributeBits(long pages) {
        this.pages = pages;
        long chunks = (pages - 1 >>> CHUNK_SHIFT) + 1;
        long chunksPerSlab = Long.highestOneBit(2 * Math.min(chunks, MAX_CHUNKS_PER_SLAB) - 1);
        chunkMask = chunksPerSlab - 1;
        slabShift = CHUNK_SHIFT + Long.numberOfTrailingZeros(chunksPerSlab);
        wordMask = (1L << slabShift - 6) - 1;
        bitsOffset = chunksPerSlab * SUMMARY_BYTES;
        slabs = new LazySlabs((pages - 1 >>> slabShift) + 1, bitsOffset + chunksPerSlab * CHUNK_BYTES);
    }

    /// The slab of a page, 0 if it is absent: then its pages have the initial kind.
    long slab(long page) {
        return slabs.address(page >>> slabShift);
    }

    long reserveSlab(long page) {
        return slabs.reserve(page >>> slabShift);
    }

    void reserve(long start, long end) {
        for (long page = start; page < end; page = slabEnd(page)) {
            reserveSlab(page);
        }
    }

    /// The first page after the slab of a page.
    long slabEnd(long page) {
        return (page >>> slabShift) + 1 << slabShift;
    }

    /// The first page at or after `page` whose slab is there; beyond all pages if there is none.
    long nextSlab(long page) {
        return Math.max(page, slabs.next(page >>> slabShift) << slabShift);
    }

    /// Address of the value word of the 64 blocks around one.
    long summary(long slab, long block) {
        return slab + (block >>> BLOCK_SHIFT & chunkMask) * SUMMARY_BYTES
                + (block >>> 6 & SUMMARY_WORDS - 1) * Long.BYTES;
    }

    /// Address of the word of bits of the 64 pages around one.
    long word(long slab, long page) {
        return slab + bitsOffset + (page >>> 6 & wordMask) * Long.BYTES;
    }

    /// Whether a page differs from the initial kind.
    boolean differs(long page) {
        long slab = slab(page);
        if (slab == 0) {
            return false;
        }
        long block = page >>> BLOCK_SHIFT;
        long summary = summary(slab, block);
        if ((mixed(summary) >>> block & 1) == 0) {
            return (value(summary) >>> block & 1) != 0;
        }
        return (bits(slab, page) >>> page & 1) != 0;
    }

    /// Whether the block of a page has both kinds.
    boolean isMixed(long page) {
        long slab = slab(page);
        long block = page >>> BLOCK_SHIFT;
        return slab != 0 && (mixed(summary(slab, block)) >>> block & 1) != 0;
    }

    /// Mixed bits of the 64 blocks of a summary word.
    static long mixed(long summary) {
        // ORDERING: acquire, partner: release in AttributeWriter. Read before value and bits: where a block is mixed the bits
        // are complete, where it is not the value is
        return Raw.getLongAcquire(summary + MIXED);
    }

    /// Values of the 64 blocks of a summary word; of those that are mixed they mean nothing.
    static long value(long summary) {
        // ORDERING: acquire, partner: release in AttributeWriter; after mixed
        return Raw.getLongAcquire(summary);
    }

    /// The word of bits of a page.
    long bits(long slab, long page) {
        // ORDERING: acquire, partner: opaque in AttributeWriter. A block that becomes uniform keeps its bits, so a reader that
        // saw it mixed just before reads what was true then
        return Raw.getLongAcquire(word(slab, page));
    }

    /// A word of equal bits.
    static long fill(boolean bit) {
        return bit ? -1L : 0L;
    }

    @Override
    public void close() {
        slabs.close();
    }
}
