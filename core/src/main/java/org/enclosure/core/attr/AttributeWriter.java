package org.enclosure.core.attr;

import static org.enclosure.core.attr.AttributeBits.BLOCK_SHIFT;
import static org.enclosure.core.attr.AttributeBits.MIXED;
import static org.enclosure.core.attr.AttributeBits.WORDS_PER_BLOCK;
import static org.enclosure.core.attr.AttributeBits.fill;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.Raw;

/// Changes an [AttributeMap]: one thread at a time, against any number of readers.
///
/// What a reader may see of a block depends on the order of three stores, each of which it reads in the opposite order:
/// uniform to mixed writes the page bits, then the mixed bit; mixed to uniform writes the value, then clears the mixed bit,
/// and leaves the page bits as they are. So whatever a reader finds was true for its page at some moment of its call, and a
/// page outside of the range reads the same before, while and after.
final class AttributeWriter {
    private final AttributeBits bits;

    AttributeWriter(AttributeBits bits) {
        this.bits = bits;
    }

    /// Sets the bits of `[start, end)`, which is not empty; `end` may lie beyond the last page, in the last GiB.
    void set(long start, long end, boolean differs) {
        long head = Math.min(Paging.ceil(start, Paging.LEVEL_2M), end);
        long tail = Math.max(Paging.floor(end, Paging.LEVEL_2M), head);
        setPages(start, head, differs);
        setBlocks(head, tail, differs);
        setPages(tail, end, differs);
    }

    /// Whole blocks, a word of 64 at a time.
    private void setBlocks(long start, long end, boolean differs) {
        long last = end >>> BLOCK_SHIFT;
        for (long block = start >>> BLOCK_SHIFT; block < last;) {
            long next = Math.min(last, (block | 63) + 1);
            long slab = bits.reserveSlab(block << BLOCK_SHIFT);
            becomeUniform(bits.summary(slab, block), mask(block, next), differs);
            block = next;
        }
    }

    private static void becomeUniform(long summary, long blocks, boolean differs) {
        // ORDERING: release twice, value first; partner: acquire in AttributeBits.mixed and value
        Raw.putLongRelease(summary, merge(Raw.getLong(summary), blocks, differs));
        Raw.putLongRelease(summary + MIXED, Raw.getLong(summary + MIXED) & ~blocks);
    }

    /// Pages of one block, not all of them.
    private void setPages(long start, long end, boolean differs) {
        if (start == end) {
            return;
        }
        long slab = bits.reserveSlab(start);
        long block = start >>> BLOCK_SHIFT;
        long summary = bits.summary(slab, block);
        long bit = 1L << block;
        if ((Raw.getLong(summary + MIXED) & bit) != 0) {
            update(slab, start, end, differs);
            if (isUniform(slab, block, differs)) {
                becomeUniform(summary, bit, differs);
            }
        } else if ((Raw.getLong(summary) & bit) != 0 != differs) {
            fillBits(slab, block, !differs);
            update(slab, start, end, differs);
            // ORDERING: release, partner: acquire in AttributeBits.mixed; whoever sees the bit sees the words before
            Raw.putLongRelease(summary + MIXED, Raw.getLong(summary + MIXED) | bit);
        }
    }

    /// Writes the kind that a uniform block has into its page bits. A reader that saw the block mixed in an earlier life may
    /// read them now, and reads what is true.
    private void fillBits(long slab, long block, boolean differs) {
        long first = bits.word(slab, block << BLOCK_SHIFT);
        for (long word = 0; word < WORDS_PER_BLOCK; word++) {
            // ORDERING: opaque, partner: acquire in AttributeBits.bits; a bit stands for itself
            Raw.putLongOpaque(first + word * Long.BYTES, fill(differs));
        }
    }

    private void update(long slab, long start, long end, boolean differs) {
        for (long page = start; page < end;) {
            long next = Math.min(end, (page | 63) + 1);
            long word = bits.word(slab, page);
            // ORDERING: opaque, partner: acquire in AttributeBits.bits; a bit stands for itself
            Raw.putLongOpaque(word, merge(Raw.getLong(word), mask(page, next), differs));
            page = next;
        }
    }

    private boolean isUniform(long slab, long block, boolean differs) {
        long first = bits.word(slab, block << BLOCK_SHIFT);
        for (long word = 0; word < WORDS_PER_BLOCK; word++) {
            if (Raw.getLong(first + word * Long.BYTES) != fill(differs)) {
                return false;
            }
        }
        return true;
    }

    /// The bits of `[start, end)`, all in one word.
    private static long mask(long start, long end) {
        return -1L >>> 64 - (end - start) << start;
    }

    private static long merge(long word, long mask, boolean bit) {
        return bit ? word | mask : word & ~mask;
    }
}
