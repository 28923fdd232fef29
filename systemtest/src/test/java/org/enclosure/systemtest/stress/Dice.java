package org.enclosure.systemtest.stress;

/// Random numbers for one thread: fast, without allocation, the same for the same seed.
final class Dice {
    private static final int HOT = 16;
    private static final int HOT_STEP = 121;

    private long state;

    Dice(long seed, int thread) {
        state = (seed + thread) * 0x9e37_79b9_7f4a_7c15L | 1;
        for (int i = 0; i < 8; i++) {
            next();
        }
    }

    /// 64 bits.
    long next() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return state * 0x2545_f491_4f6c_dd1dL;
    }

    /// 0 to `bound` - 1.
    int below(int bound) {
        return (int) ((next() >>> 33) * bound >>> 31);
    }

    /// A page: three times out of four one of few that are hot and lie apart.
    int page(int pages) {
        return (next() & 3L << 40) != 0 ? below(HOT) * HOT_STEP % pages : below(pages);
    }
}
