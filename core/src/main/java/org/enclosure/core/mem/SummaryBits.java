package org.enclosure.core.mem;

/// Bits off the heap with summaries above them: a bit of level n + 1 says that a word of level n has a bit set.
///
/// ```
/// level 2   [ word ]                       the top is one word
/// level 1   [ word | word | ... ]
/// level 0   [ word | word | word | ... ]   the bits
/// ```
///
/// Finding the lowest bit takes one load per level: 5 for 2^30 bits. The memory starts zeroed, and words that no set bit
/// needs are never written, so that a large empty map commits nothing. The caller's lock guards it; nothing allocates.
final class SummaryBits {
    private static final int SHIFT = 6;

    private final long[] levels;
    private final long[] words;

    /// Lays a map over zeroed memory.
    ///
    /// @param address of [#bytes(long)] bytes, a multiple of 8
    SummaryBits(long address, long bits) {
        int depth = depth(bits);
        levels = new long[depth];
        words = new long[depth];
        long count = bits;
        for (int level = 0; level < depth; level++) {
            count = wordsFor(count);
            words[level] = count;
        }
        long next = address;
        for (int level = depth - 1; level >= 0; level--) {
            levels[level] = next;
            next += words[level] << 3;
        }
    }

    private static long wordsFor(long bits) {
        return bits + 63 >>> SHIFT;
    }

    private static int depth(long bits) {
        int depth = 1;
        for (long count = wordsFor(bits); count > 1; count = wordsFor(count)) {
            depth++;
        }
        return depth;
    }

    /// How much memory a map needs.
    static long bytes(long bits) {
        long sum = 0;
        long count = bits;
        do {
            count = wordsFor(count);
            sum += count << 3;
        } while (count > 1);
        return sum;
    }

    private long word(int level, long index) {
        return levels[level] + (index >>> SHIFT << 3);
    }

    boolean get(long index) {
        return (Raw.getLong(word(0, index)) >>> index & 1) != 0;
    }

    void set(long index) {
        long at = index;
        for (int level = 0; level < levels.length; level++) {
            long address = word(level, at);
            long before = Raw.getLong(address);
            Raw.putLong(address, before | 1L << at);
            if (before != 0) {
                return;
            }
            at >>>= SHIFT;
        }
    }

    void clear(long index) {
        long at = index;
        for (int level = 0; level < levels.length; level++) {
            long address = word(level, at);
            long after = Raw.getLong(address) & ~(1L << at);
            Raw.putLong(address, after);
            if (after != 0) {
                return;
            }
            at >>>= SHIFT;
        }
    }

    boolean isEmpty() {
        return Raw.getLong(levels[levels.length - 1]) == 0;
    }

    /// The lowest set bit. There is one.
    long first() {
        int top = levels.length - 1;
        return descend(top, Long.numberOfTrailingZeros(Raw.getLong(levels[top])));
    }

    /// The lowest set bit from an index on, or -1.
    long next(long from) {
        long at = from;
        for (int level = 0; level < levels.length && at >>> SHIFT < words[level]; level++) {
            long rest = Raw.getLong(word(level, at)) >>> at;
            if (rest != 0) {
                return descend(level, at + Long.numberOfTrailingZeros(rest));
            }
            at = (at >>> SHIFT) + 1;
        }
        return -1;
    }

    private long descend(int level, long index) {
        long at = index;
        for (int below = level - 1; below >= 0; below--) {
            at = at << SHIFT | Long.numberOfTrailingZeros(Raw.getLong(levels[below] + (at << 3)));
        }
        return at;
    }
}
