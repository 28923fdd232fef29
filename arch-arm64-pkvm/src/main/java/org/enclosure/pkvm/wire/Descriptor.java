package org.enclosure.pkvm.wire;

/// A stage-2 descriptor of VMSAv8-64 with a 4K granule, as the Arm Architecture Reference Manual (D8.3) lays it out.
///
/// ```
///  63  59 58      55 54 53        12 11 10 9  8 7   6 5      2  1   0
/// +------+----------+--+------------+--+--+----+-----+--------+---+---+
/// |  0   | software |XN|  address   | 0|AF| SH | S2AP| MemAttr| T | V |
/// +------+----------+--+------------+--+--+----+-----+--------+---+---+
///          bits 56:55 = page state of a valid leaf
/// ```
///
/// V is valid; T is 1 for a table and for a page (level 1), 0 for a block. Levels are those of the engine: 1 = 4K, 2 = 2M, 3 = 1G.
/// An invalid descriptor that is not 0 is an [Annotation].
public final class Descriptor {
    /// The guest may read.
    public static final long READ = 1L << 6;
    /// The guest may write.
    public static final long WRITE = 1L << 7;
    /// The guest may not execute.
    public static final long EXECUTE_NEVER = 1L << 54;
    /// The page was accessed.
    public static final long ACCESSED = 1L << 10;

    private static final long VALID = 1;
    private static final long TYPE = 1L << 1;
    private static final long NORMAL_MEMORY = 0xfL << 2;
    private static final long INNER_SHAREABLE = 3L << 8;
    private static final long ADDRESS = 0x0000_ffff_ffff_f000L;
    private static final int STATE_SHIFT = 55;
    private static final long STATE_MASK = 3L << STATE_SHIFT;

    private Descriptor() {
    }

    /// A descriptor of the next table.
    public static long table(long pa) {
        return pa | TYPE | VALID;
    }

    /// A leaf that allows everything.
    ///
    /// @param level 1 for a page, more for a block
    /// @param state OWNED, SHARED_OWNED or SHARED_BORROWED
    public static long leaf(long pa, int level, int state) {
        return pa | NORMAL_MEMORY | READ | WRITE | INNER_SHAREABLE | ACCESSED | (level == 1 ? TYPE : 0) | VALID
                | (long) state << STATE_SHIFT;
    }

    /// Whether the descriptor is valid.
    public static boolean isValid(long word) {
        return (word & VALID) != 0;
    }

    /// Whether the descriptor, which stands at a level above 1, is of a table.
    public static boolean isTable(long word) {
        return (word & (VALID | TYPE)) == (VALID | TYPE);
    }

    /// The address of the page, block or table.
    public static long address(long word) {
        return word & ADDRESS;
    }

    /// The page state of a valid leaf.
    public static int state(long word) {
        return (int) (word >>> STATE_SHIFT & 3);
    }

    /// The leaf in another page state.
    public static long withState(long word, int state) {
        return word & ~STATE_MASK | (long) state << STATE_SHIFT;
    }
}
