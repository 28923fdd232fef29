package org.enclosure.tdx.wire;

/// The extended exit qualification of an EPT violation that a TD exit reports.
///
/// ```
///  63    47  46   45          38 37      35 34      32 31        4 3    0
/// +--------+----+--------------+----------+----------+-----------+------+
/// |   0    |leaf| error state  |err level |req level |     0     | type |
/// +--------+----+--------------+----------+----------+-----------+------+
/// ```
public final class Qualification {
    /// Type: nothing more is known.
    public static final int NONE = 0;
    /// Type: a page to be accepted is not there.
    public static final int ACCEPT = 1;
    /// Type: a page that is not accepted was touched, and #VE is off.
    public static final int PENDING = 6;

    private Qualification() {
    }

    /// The qualification of an ACCEPT.
    ///
    /// @param requestLevel the level that the guest asked for
    /// @param errorLevel the level of the entry where the walk ended
    /// @param entry that entry
    public static long accept(int requestLevel, int errorLevel, long entry) {
        long info = requestLevel | errorLevel << 3 | SeptEntry.state(entry).code() << 6
                | (SeptEntry.isLeaf(entry) ? 1 << 14 : 0);
        return info << 32 | ACCEPT;
    }

    /// The type.
    public static int type(long qualification) {
        return (int) qualification & 0xf;
    }

    /// The level that the guest asked for.
    public static int requestLevel(long qualification) {
        return (int) (qualification >>> 32) & 7;
    }

    /// The level of the entry where the walk ended.
    public static int errorLevel(long qualification) {
        return (int) (qualification >>> 35) & 7;
    }

    /// The code of that entry's state.
    public static int errorState(long qualification) {
        return (int) (qualification >>> 38) & 0xff;
    }

    /// Whether that entry is a page.
    public static boolean isLeaf(long qualification) {
        return (qualification & 1L << 46) != 0;
    }
}
