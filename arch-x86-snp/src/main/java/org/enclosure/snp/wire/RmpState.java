package org.enclosure.snp.wire;

/// The 16 bytes that RMPUPDATE takes and RMPREAD gives: what of an entry is architectural.
///
/// ```
/// 0        8        9        10        11   12       16
/// +--------+--------+--------+---------+----+--------+
/// |  GPA   |assigned|  size  |immutable| 0  |  ASID  |
/// +--------+--------+--------+---------+----+--------+
/// ```
///
/// Bit 0 of size is 2M; bit 1, from RMPREAD alone, says that pages of the 2M region are assigned one by one. As two words:
/// `low` is the GPA, `high` the rest.
public final class RmpState {
    private static final int LARGE_BIT = 8;
    private static final int REGION_BIT = 9;
    private static final int IMMUTABLE_BIT = 16;
    private static final int ASID_SHIFT = 32;

    private RmpState() {
    }

    /// The high word.
    public static long high(boolean assigned, boolean large, boolean mixedRegion, boolean immutable, long asid) {
        return (assigned ? 1 : 0) | bit(large, LARGE_BIT) | bit(mixedRegion, REGION_BIT) | bit(immutable, IMMUTABLE_BIT)
                | asid << ASID_SHIFT;
    }

    /// Whether a high word says assigned; as hardware does, any value but 0 counts.
    public static boolean isAssigned(long high) {
        return (high & 0xff) != 0;
    }

    /// Whether a high word says 2M.
    public static boolean isLarge(long high) {
        return (high >>> LARGE_BIT & 1) != 0;
    }

    /// Whether a high word says that the region has pages assigned one by one.
    public static boolean isMixedRegion(long high) {
        return (high >>> REGION_BIT & 1) != 0;
    }

    /// Whether a high word says immutable.
    public static boolean isImmutable(long high) {
        return (high >>> IMMUTABLE_BIT & 0xff) != 0;
    }

    /// The ASID of a high word.
    public static long asid(long high) {
        return high >>> ASID_SHIFT;
    }

    private static long bit(boolean set, int bit) {
        return set ? 1L << bit : 0;
    }
}
