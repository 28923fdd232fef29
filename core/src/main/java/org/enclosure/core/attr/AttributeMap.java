package org.enclosure.core.attr;

import java.util.Objects;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.mem.LazySlabs;
import org.enclosure.core.mem.Raw;

/// The one truth of private and shared, a bit per 4K page under an authoritative summary per 2M block.
///
/// ```
/// slab of up to 1024 chunks of 1 GiB, reserved at first use
///   summaries  per chunk 8 words "value", 8 words "mixed": a bit of each per 2M block
///   bits       per chunk 512 blocks of 8 words: a bit per page, meaningful while the block is mixed
/// ```
///
/// A block that is not mixed has one kind, the value bit, and its page bits are not touched: converting 1 GiB is 16 words.
/// Page bits are written from the summary when a block becomes mixed. Everything is stored as "differs from the initial
/// kind", so that an absent slab and fresh memory need no preparation. Pages beyond the end of the map, up to the next
/// GiB, follow the last page; so the last block and the last chunk can be uniform too.
///
/// **Threads.** Any number of readers; one writer at a time, which its caller sees to. A reader that races with
/// [#set(long, long, boolean)] sees the old or the new kind of each page in its range, and the kind of every other page.
/// **Allocation:** none but in the constructor and [#reserve(long, long)].
///
/// Page numbers must lie in the map: [IndexOutOfBoundsException] otherwise.
public final class AttributeMap implements AutoCloseable {
    private static final int BLOCK_SHIFT = Paging.LEVEL_SHIFT;
    private static final int CHUNK_SHIFT = 2 * Paging.LEVEL_SHIFT;
    private static final long MAX_CHUNKS_PER_SLAB = 1024;
    private static final int WORDS_PER_BLOCK = 8;
    private static final long BLOCK_BYTES = WORDS_PER_BLOCK * Long.BYTES;
    private static final long CHUNK_BYTES = BLOCK_BYTES << BLOCK_SHIFT;
    private static final int SUMMARY_WORDS = 8;
    /// From a word of values to the word of mixed bits of the same blocks.
    private static final long MIXED = SUMMARY_WORDS * Long.BYTES;
    private static final long SUMMARY_BYTES = 2 * MIXED;

    private final long pages;
    private final boolean initiallyPrivate;
    private final int slabShift;
    private final long chunkMask;
    private final long bitsOffset;
    private final LazySlabs slabs;

    /// Creates a map whose pages have one kind. Takes microseconds, whatever the size.
    ///
    /// @param pages 1 to 2^51
    public AttributeMap(long pages, boolean initiallyPrivate) {
        if (pages < 1 || pages > 1L << 51) {
            throw new IllegalArgumentException("pages " + pages + " is not in 1 to 2^51");
        }
        this.pages = pages;
        this.initiallyPrivate = initiallyPrivate;
        long chunks = (pages - 1 >>> CHUNK_SHIFT) + 1;
        long chunksPerSlab = Long.highestOneBit(2 * Math.min(chunks, MAX_CHUNKS_PER_SLAB) - 1);
        chunkMask = chunksPerSlab - 1;
        slabShift = CHUNK_SHIFT + Long.numberOfTrailingZeros(chunksPerSlab);
        bitsOffset = chunksPerSlab * SUMMARY_BYTES;
        slabs = new LazySlabs((pages - 1 >>> slabShift) + 1, bitsOffset + chunksPerSlab * CHUNK_BYTES);
    }

    /// How many pages there are.
    public long pages() {
        return pages;
    }

    /// Whether a page is private.
    public boolean isPrivate(long page) {
        Objects.checkIndex(page, pages);
        return differs(page) != initiallyPrivate;
    }

    private boolean differs(long page) {
        long slab = slabs.address(page >>> slabShift);
        if (slab == 0) {
            return false;
        }
        long block = page >>> BLOCK_SHIFT;
        long summary = summary(slab, block);
        // ORDERING: acquire, partner: release in becomeMixed (the bits are complete) and in becomeUniform, setBlocks (the
        // value is)
        if ((Raw.getLongAcquire(summary + MIXED) >>> block & 1) == 0) {
            // ORDERING: acquire, partner: release in becomeUniform and setBlocks; not before the mixed bit was read
            return (Raw.getLongAcquire(summary) >>> block & 1) != 0;
        }
        // ORDERING: acquire, partner: opaque in update. A block that becomes uniform keeps its bits as they were, so a reader
        // that came just before reads what was true then
        return (Raw.getLongAcquire(word(slab, page)) >>> page & 1) != 0;
    }

    /// Address of the value word of the 64 blocks around one.
    private long summary(long slab, long block) {
        return slab + (block >>> BLOCK_SHIFT & chunkMask) * SUMMARY_BYTES
                + (block >>> 6 & SUMMARY_WORDS - 1) * Long.BYTES;
    }

    /// Address of the word of bits of the 64 pages around one.
    private long word(long slab, long page) {
        return slab + bitsOffset + (page >>> 6 & (chunkMask + 1 << CHUNK_SHIFT - 6) - 1) * Long.BYTES;
    }

    /// Whether the aligned block of a level around a page has one kind.
    ///
    /// @param level 1, 2 or 3
    public boolean isUniform(long page, int level) {
        Objects.checkIndex(page, pages);
        long slab = slabs.address(page >>> slabShift);
        if (slab == 0 || level == Paging.LEVEL_4K) {
            return true;
        }
        long block = page >>> BLOCK_SHIFT;
        if (level == Paging.LEVEL_2M) {
            // ORDERING: acquire, partner: release in becomeMixed and becomeUniform
            return (Raw.getLongAcquire(summary(slab, block) + MIXED) >>> block & 1) == 0;
        }
        long first = Paging.floor(page, level);
        return runEnd(first, first + Paging.PAGES_PER_1G, slab) == first + Paging.PAGES_PER_1G;
    }

    /// Whether all pages of `[start, end)` have a kind.
    public boolean isUniform(long start, long end, boolean isPrivate) {
        Objects.checkFromToIndex(start, end, pages);
        return start == end || isPrivate(start) == isPrivate && runEnd(start, end) == end;
    }

    /// The end of the run of pages of one kind that starts at `page`: at most `end`.
    public long runEnd(long page, long end) {
        Objects.checkFromToIndex(page, end, pages);
        boolean differs = page < end && differs(page);
        long at = page;
        while (at < end) {
            long slabEnd = Math.min(end, (at >>> slabShift) + 1 << slabShift);
            long slab = slabs.address(at >>> slabShift);
            if (slab == 0) {
                if (differs) {
                    return at;
                }
                at = Math.min(end, slabs.next(at >>> slabShift) << slabShift);
            } else if (at != page && differs(at) != differs) {
                return at;
            } else {
                at = runEnd(at, slabEnd, slab);
                if (at < slabEnd) {
                    return at;
                }
            }
        }
        return end;
    }

    private long runEnd(long page, long end, long slab) {
        boolean differs = differs(page);
        long at = page;
        while (at < end) {
            long block = at >>> BLOCK_SHIFT;
            long run = uniformBlocks(slab, block, differs);
            if (run > 0) {
                at = block + run << BLOCK_SHIFT;
                continue;
            }
            // ORDERING: acquire, partner: release in becomeMixed
            if ((Raw.getLongAcquire(summary(slab, block) + MIXED) >>> block & 1) == 0) {
                return at;
            }
            long stop = runEndInBlock(slab, at, differs);
            if (!Paging.isAligned(stop, Paging.LEVEL_2M) || stop == at) {
                return Math.min(stop, end);
            }
            at = stop;
        }
        return end;
    }

    /// How many blocks from one on, in its word, are uniform and of a kind.
    private long uniformBlocks(long slab, long block, boolean differs) {
        long summary = summary(slab, block);
        // ORDERING: acquire twice, mixed first: as in differs
        long mixed = Raw.getLongAcquire(summary + MIXED);
        long value = Raw.getLongAcquire(summary);
        long others = (mixed | value ^ fill(differs)) >>> block;
        return Math.min(Long.numberOfTrailingZeros(others), 64 - (block & 63));
    }

    /// The first page from one on, in its mixed block, of the other kind, or the end of the block.
    private long runEndInBlock(long slab, long page, boolean differs) {
        long at = page;
        do {
            // ORDERING: acquire, partner: opaque in update
            long others = (Raw.getLongAcquire(word(slab, at)) ^ fill(differs)) >>> at;
            if (others != 0) {
                return at + Long.numberOfTrailingZeros(others);
            }
            at = (at | 63) + 1;
        } while (!Paging.isAligned(at, Paging.LEVEL_2M));
        return at;
    }

    private static long fill(boolean bit) {
        return bit ? -1L : 0L;
    }

    /// Makes sure that [#set(long, long, boolean)] on `[start, end)` cannot fail.
    ///
    /// @throws GuestMemoryException ENOMEM; the map has not changed
    public void reserve(long start, long end) {
        Objects.checkFromToIndex(start, end, pages);
        if (start == end) {
            return;
        }
        for (long slab = start >>> slabShift, last = end - 1 >>> slabShift; slab <= last; slab++) {
            slabs.reserve(slab);
        }
    }

    /// Sets the kind of all pages of `[start, end)`, which [#reserve(long, long)] has prepared.
    public void set(long start, long end, boolean isPrivate) {
        Objects.checkFromToIndex(start, end, pages);
        if (start == end) {
            return;
        }
        boolean differs = isPrivate != initiallyPrivate;
        long last = end == pages ? Paging.ceil(end, Paging.LEVEL_1G) : end;
        long head = Math.min(Paging.ceil(start, Paging.LEVEL_2M), last);
        long tail = Math.max(Paging.floor(last, Paging.LEVEL_2M), head);
        setPages(start, head, differs);
        setBlocks(head >>> BLOCK_SHIFT, tail >>> BLOCK_SHIFT, differs);
        setPages(tail, last, differs);
    }

    /// Whole blocks, a word of 64 at a time.
    private void setBlocks(long first, long end, boolean differs) {
        for (long block = first; block < end;) {
            long next = Math.min(end, (block | 63) + 1);
            long mask = mask(block, next);
            long summary = summary(slabs.reserve(block >>> slabShift - BLOCK_SHIFT), block);
            // ORDERING: release twice, value first; partner: acquire in differs, which reads mixed first. Whoever sees the
            // block as not mixed sees this value
            Raw.putLongRelease(summary, merge(Raw.getLong(summary), mask, differs));
            Raw.putLongRelease(summary + MIXED, Raw.getLong(summary + MIXED) & ~mask);
            block = next;
        }
    }

    /// Pages of one block, not all of them.
    private void setPages(long start, long end, boolean differs) {
        if (start == end) {
            return;
        }
        long slab = slabs.reserve(start >>> slabShift);
        long block = start >>> BLOCK_SHIFT;
        long summary = summary(slab, block);
        long bit = 1L << block;
        if ((Raw.getLong(summary + MIXED) & bit) != 0) {
            update(slab, start, end, differs);
            long uniform = uniformWord(slab, block);
            if (uniform == fill(differs)) {
                becomeUniform(summary, bit, differs);
            }
        } else if ((Raw.getLong(summary) & bit) != 0 != differs) {
            becomeMixed(slab, start, end, differs);
        }
    }

    private void update(long slab, long start, long end, boolean differs) {
        for (long page = start; page < end;) {
            long next = Math.min(end, (page | 63) + 1);
            long word = word(slab, page);
            // ORDERING: opaque, partner: acquire in differs; a bit stands for itself
            Raw.putLongOpaque(word, merge(Raw.getLong(word), mask(page, next), differs));
            page = next;
        }
    }

    private void becomeUniform(long summary, long bit, boolean differs) {
        // ORDERING: release twice, value first; partner: acquire in differs, as in setBlocks
        Raw.putLongRelease(summary, merge(Raw.getLong(summary), bit, differs));
        Raw.putLongRelease(summary + MIXED, Raw.getLong(summary + MIXED) & ~bit);
    }

    private void becomeMixed(long slab, long start, long end, boolean differs) {
        long block = start >>> BLOCK_SHIFT;
        long summary = summary(slab, block);
        long bits = word(slab, block << BLOCK_SHIFT);
        for (long word = 0; word < WORDS_PER_BLOCK; word++) {
            // ORDERING: opaque, partner: acquire in differs. A reader that saw the block mixed in an earlier life reads here
            // the kind that the block has, or in the range the new one
            Raw.putLongOpaque(bits + word * Long.BYTES, fill(!differs));
        }
        update(slab, start, end, differs);
        // ORDERING: release, partner: acquire in differs; whoever sees the bit sees the words above
        Raw.putLongRelease(summary + MIXED, Raw.getLong(summary + MIXED) | 1L << block);
    }

    /// The word that all words of a block are equal to, or one that is neither 0 nor -1.
    private long uniformWord(long slab, long block) {
        long bits = word(slab, block << BLOCK_SHIFT);
        long first = Raw.getLong(bits);
        for (long word = 1; word < WORDS_PER_BLOCK; word++) {
            if (Raw.getLong(bits + word * Long.BYTES) != first) {
                return 1;
            }
        }
        return first;
    }

    /// The bits of `[start, end)`, all in one word.
    private static long mask(long start, long end) {
        return -1L >>> 64 - (end - start) << start;
    }

    private static long merge(long word, long mask, boolean bit) {
        return bit ? word | mask : word & ~mask;
    }

    /// How many pages are private. Reads every summary that is there; for reports.
    public long privatePages() {
        long differing = 0;
        for (long slab = slabs.next(0); slab < slabs.slabs(); slab = slabs.next(slab + 1)) {
            differing += count(slabs.address(slab), slab << slabShift);
        }
        return initiallyPrivate ? pages - differing : differing;
    }

    private long count(long slab, long first) {
        long count = 0;
        long end = Math.min(first + (1L << slabShift), pages);
        for (long at = first; at < end;) {
            boolean differs = differs(at);
            long stop = runEnd(at, end, slab);
            count += differs ? stop - at : 0;
            at = Math.max(stop, at + 1);
        }
        return count;
    }

    /// Gives the memory back. Nobody uses the map afterwards.
    @Override
    public void close() {
        slabs.close();
    }
}
