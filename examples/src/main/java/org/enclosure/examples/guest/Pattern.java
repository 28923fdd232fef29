package org.enclosure.examples.guest;

import java.util.SplittableRandom;

/// Data by seed: the same seed and number give the same bytes, everywhere.
public final class Pattern {
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private Pattern() {
    }

    /// A word that depends on seed and number, as good as random.
    public static long word(long seed, long number) {
        long z = seed + GOLDEN * (number + 1);
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    /// Bytes that depend on seed and number.
    public static byte[] bytes(long seed, long number, int length) {
        byte[] data = new byte[length];
        new SplittableRandom(word(seed, number)).nextBytes(data);
        return data;
    }
}
