package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Features;

/// Where a realm's translation starts: which start levels an IPA width permits, and how many tables lie there side by side
/// (Arm ARM, concatenated translation tables; RMM specification 1.0, A5.5).
public final class StartLevel {
    private static final int LOWEST = 3;
    private static final int PAGE_AND_ENTRY_BITS = 13;
    private static final int INDEX_BITS = 9;
    private static final int CONCATENATION_BITS = 4;
    private static final int TABLE_AND_PAGE_BITS = 21;

    private StartLevel() {
    }

    /// Whether a realm of that width can start at that level.
    public static boolean isLegal(long level, int width) {
        if (level < 0 || level > LOWEST) {
            return false;
        }
        int fewest = INDEX_BITS * (LOWEST - (int) level) + PAGE_AND_ENTRY_BITS;
        int most = fewest + INDEX_BITS - 1 + (level > 0 ? CONCATENATION_BITS : 0);
        return width >= fewest && width <= most;
    }

    /// How many tables lie at a legal start level.
    public static int tables(int level, int width) {
        int one = INDEX_BITS * (LOWEST - level) + TABLE_AND_PAGE_BITS;
        return one >= width ? 1 : 1 << width - one;
    }

    /// The lowest level with the fewest tables that a width permits, so that walks are short.
    ///
    /// @return the level, or -1 if the width is not legal at all
    public static int shortest(int width) {
        if (width < Constants.MIN_WIDTH || width > Features.s2sz()) {
            return -1;
        }
        int best = -1;
        for (int level = 0; level <= LOWEST; level++) {
            if (isLegal(level, width) && (best < 0 || tables(level, width) <= tables(best, width))) {
                best = level;
            }
        }
        return best;
    }

    /// Limits of the interface.
    static final class Constants {
        static final int MIN_WIDTH = 32;

        private Constants() {
        }
    }
}
