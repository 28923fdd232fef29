package org.enclosure.tdx.wire;

/// A secure EPT entry.
///
/// ```
///  63  62..57  56  55  54  53  52  51                12  11  10   9   8   7    6   5..3  2 1 0
/// +---+-------+---+---+---+---+---+--------------------+---+---+---+---+---+-----+-----+-+-+-+
/// |SVE|   0   |s4 |s3 |s2 |s1 |HP |        HPA         |lck| 0 |s0 | 0 |s6 | s5  | MT  |X|W|R|
/// +---+-------+---+---+---+---+---+--------------------+---+---+---+---+---+-----+-----+-+-+-+
/// ```
///
/// `s6` and `s5` are the leaf bit and the ignore-PAT bit, which every page has and no table has. `lck` is the entry's lock; HP says
/// that the host met a locked entry and comes first. In a PENDING 2M page, bits 20:12 hold the accept counter; in a REMOVED entry
/// bits 43:12 hold the migration epoch and bit 44 says that it is valid.
public final class SeptEntry {
    /// Entries per table.
    public static final int COUNT = 512;
    /// The entry is locked.
    public static final long LOCK = 1L << 11;
    /// The host met a locked entry and comes first.
    public static final long HOST_PRIORITY = 1L << 52;
    /// Suppress #VE: set in every entry.
    public static final long SUPPRESS_VE = 1L << 63;
    /// The bits that hold the address.
    public static final long HPA_MASK = 0x000f_ffff_ffff_f000L;
    /// A free entry.
    public static final long FREE = of(SeptState.FREE, 0);

    private static final long LEAF = 1 << 7;
    private static final long WRITE_BACK = 6 << 3;
    private static final int PERMISSIONS = 7;
    private static final long COUNTER_MASK = 0x1ff000;
    private static final int EPOCH_SHIFT = 12;
    private static final long EPOCH_MASK = 0xffff_ffffL << EPOCH_SHIFT;
    private static final long EPOCH_VALID = 1L << 44;
    private static final long LEAF_VIEW = SUPPRESS_VE | HPA_MASK | 0xff;

    private SeptEntry() {
    }

    /// An entry in a state.
    ///
    /// @param hpa address of the page or table; 0 for FREE and REMOVED
    public static long of(SeptState state, long hpa) {
        int encoding = state.encoding();
        long bits = (encoding & 1L) << 9 | (encoding >>> 1 & 0xfL) << 53 | (encoding >>> 5 & 3L) << 6;
        return SUPPRESS_VE | bits | hpa | state.permissions() | (state.isPage() ? WRITE_BACK : 0);
    }

    /// The entry of a page that was removed in a migration epoch.
    public static long removed(long epoch) {
        return of(SeptState.REMOVED, 0) | EPOCH_VALID | epoch << EPOCH_SHIFT & EPOCH_MASK;
    }

    /// The migration epoch in which a page was removed, or -1 if the entry does not say.
    public static long removalEpoch(long entry) {
        return (entry & EPOCH_VALID) == 0 ? -1 : (entry & EPOCH_MASK) >>> EPOCH_SHIFT;
    }

    /// The state of an entry.
    public static SeptState state(long entry) {
        int encoding = (int) (entry >>> 9 & 1 | (entry >>> 53 & 0xf) << 1 | (entry >>> 6 & 3) << 5);
        return SeptState.ofEncoding(encoding);
    }

    /// Whether a page is mapped here (true for 4K pages as well).
    public static boolean isLeaf(long entry) {
        return (entry & LEAF) != 0;
    }

    /// The permissions: 1 read, 2 write, 4 execute.
    public static int permissions(long entry) {
        return (int) entry & PERMISSIONS;
    }

    /// Whether the walk goes on at this entry.
    public static boolean isWalkable(long entry) {
        return (entry & (LEAF | PERMISSIONS)) == PERMISSIONS;
    }

    /// The address of the page or table, without the accept counter that shares its bits.
    ///
    /// @param level 0 for 4K, 1 for 2M, 2 for 1G
    public static long hpa(long entry, int level) {
        return isLeaf(entry) ? entry & HPA_MASK & -PageInfo.size(level) : entry & HPA_MASK;
    }

    /// The entry without locks, and of a page that is not accepted, without its accept counter.
    ///
    /// @param level 0 for 4K, 1 for 2M, 2 for 1G
    public static long plain(long entry, int level) {
        long unlocked = entry & ~(LOCK | HOST_PRIORITY);
        return state(entry).isPending() ? unlocked & ~HPA_MASK | hpa(entry, level) : unlocked;
    }

    /// How many 4K pages of a PENDING 2M page are zeroed already.
    public static int acceptCounter(long entry) {
        return (int) ((entry & COUNTER_MASK) >>> 12);
    }

    /// The entry with another accept counter.
    public static long withAcceptCounter(long entry, int counter) {
        return entry & ~COUNTER_MASK | (long) counter << 12 & COUNTER_MASK;
    }

    /// What the module shows of an entry in RCX: a page without its state bits, a table without its address.
    public static long view(long entry, int level) {
        SeptState state = state(entry);
        if (state.isPage()) {
            return (entry & ~HPA_MASK | hpa(entry, level)) & LEAF_VIEW;
        }
        return state == SeptState.FREE ? SUPPRESS_VE : state.permissions();
    }

    /// What the module says of an entry in RDX: level in bits 2:0, state code in bits 15:8.
    public static long info(long entry, int level) {
        return level | (long) state(entry).code() << 8;
    }
}
