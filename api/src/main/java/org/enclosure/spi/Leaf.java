package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A translation in one `long`, independent of any table format: what `admit` is given and what it answers.
///
/// ```
///  63 62                                  12 11      5 4   3 2  1  0
/// +--+--------------------------------------+---------+-----+--+--+--+
/// | 0|              pfn                     |    0    |level| X| W| R|
/// +--+--------------------------------------+---------+-----+--+--+--+
/// ```
///
/// The pfn is the first frame of the mapping, so a multiple of [org.enclosure.api.Paging#pages] of its level. The word 0 is
/// no leaf.
@API(status = EXPERIMENTAL, since = "0.1")
public final class Leaf {
    /// No translation.
    public static final long NONE = 0;
    /// The mapping can be read.
    public static final int READ = 1;
    /// The mapping can be written.
    public static final int WRITE = 1 << 1;
    /// The mapping can be executed.
    public static final int EXECUTE = 1 << 2;
    /// All permissions.
    public static final int ALL = READ | WRITE | EXECUTE;

    private static final int LEVEL_SHIFT = 3;

    private Leaf() {
    }

    /// A leaf.
    ///
    /// @param pfn first frame of the mapping
    /// @param level 1, 2 or 3
    /// @param permissions of [#READ], [#WRITE], [#EXECUTE]; at least one
    public static long of(long pfn, int level, int permissions) {
        return pfn << 12 | (long) level << LEVEL_SHIFT | permissions;
    }

    /// The first frame of the mapping.
    public static long pfn(long leaf) {
        return leaf >>> 12;
    }

    /// The level of the mapping.
    public static int level(long leaf) {
        return (int) (leaf >>> LEVEL_SHIFT) & 3;
    }

    /// The permissions of the mapping.
    public static int permissions(long leaf) {
        return (int) leaf & ALL;
    }

    /// The frame of one gfn in the mapping.
    public static long pfn(long leaf, long gfn) {
        return (leaf >>> 12) + (gfn & (1L << 9 * (level(leaf) - 1)) - 1);
    }
}
