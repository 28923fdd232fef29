package org.enclosure.bench;

/// The random offsets of all load and store benchmarks, so that a figure and its floor do the same besides the access: the
/// upper bits of a 64-bit linear congruential sequence.
final class Offsets {
    /// Accesses of one batch.
    static final int BATCH = 1 << 16;

    private static final long FACTOR = 6_364_136_223_846_793_005L;
    private static final long STEP = 1_442_695_040_888_963_407L;
    private static final int SHIFT = 30;

    private Offsets() {
    }

    static long next(long state) {
        return state * FACTOR + STEP;
    }

    /// An offset that is a multiple of 8.
    ///
    /// @param mask a power of two less 8
    static long of(long state, long mask) {
        return state >>> SHIFT & mask;
    }

    static long mask(long bytes) {
        return bytes - Long.BYTES;
    }
}
