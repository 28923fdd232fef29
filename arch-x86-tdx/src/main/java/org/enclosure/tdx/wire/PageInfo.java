package org.enclosure.tdx.wire;

/// The operand that names a guest page and its level, RCX of the memory leaves.
///
/// ```
///  63     52 51                              12 11       3 2     0
/// +---------+----------------------------------+----------+-------+
/// |    0    |               GPA                |    0     | level |
/// +---------+----------------------------------+----------+-------+
/// ```
///
/// Levels are the module's: 0 = 4K, 1 = 2M, 2 = 1G, 3 = 512G, 4 = 256T.
public final class PageInfo {
    private static final long RESERVED = 0xfff0_0000_0000_0ff8L;
    private static final int GPAW_48 = 48;

    private PageInfo() {
    }

    /// The level.
    public static int level(long pageInfo) {
        return (int) pageInfo & 7;
    }

    /// The address.
    public static long gpa(long pageInfo) {
        return pageInfo & ~0xfffL;
    }

    /// Bytes that an entry of a level covers.
    public static long size(int level) {
        return 1L << 12 + 9 * level;
    }

    /// The bit that makes a guest address shared.
    ///
    /// @param gpaw width of guest addresses, 48 or 52
    public static long sharedBit(int gpaw) {
        return 1L << gpaw - 1;
    }

    /// Whether a guest address is private and within the width.
    public static boolean isPrivate(long gpa, int gpaw) {
        long limit = gpaw == GPAW_48 ? 1L << GPAW_48 : 1L << 52;
        return Long.compareUnsigned(gpa, limit) < 0 && (gpa & sharedBit(gpaw)) == 0;
    }

    /// Whether an operand is legal: reserved bits zero, level in range, address aligned to it, private and within the width.
    public static boolean isLegal(long pageInfo, int minLevel, int maxLevel, int gpaw) {
        int level = level(pageInfo);
        long gpa = gpa(pageInfo);
        return (pageInfo & RESERVED) == 0 && level >= minLevel && level <= maxLevel && (gpa & size(level) - 1) == 0
                && isPrivate(gpa, gpaw);
    }
}
