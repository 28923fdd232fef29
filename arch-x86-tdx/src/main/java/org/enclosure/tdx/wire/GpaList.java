package org.enclosure.tdx.wire;

/// A list of guest pages in one page of ordinary memory, and the operand that names it.
///
/// ```
///  operand: 63     55 54   52 51                12 11        3 2     0
///          +---------+-------+--------------------+-----------+-------+
///          |last entry|  0   |        HPA         |first entry| format|
///          +---------+-------+--------------------+-----------+-------+
///  entry:   63 61 60   56 55 54 53 52 51          12 11 10 9    7 6..3 2       1 0
///          +-----+-------+-----+-----+--------------+-----+------+----+-------+---+
///          |  0  |status |  0  | op  |     GPA      |type | L2   | 0  |pending|lvl|
///          +-----+-------+-----+-----+--------------+-----+------+----+-------+---+
/// ```
public final class GpaList {
    /// Operation: nothing.
    public static final int NOP = 0;
    /// Operation: the page is to be done for the first time.
    public static final int MIGRATE = 1;
    /// Operation: undo.
    public static final int CANCEL = 2;
    /// Operation: the page is to be done again.
    public static final int REMIGRATE = 3;

    /// Entry status: done.
    public static final int DONE = 0;
    /// Entry status: nothing was asked for.
    public static final int SKIPPED = 1;
    /// Entry status: the walk failed.
    public static final int WALK_FAILED = 2;
    /// Entry status: the entry is locked.
    public static final int ENTRY_BUSY = 3;
    /// Entry status: the entry's state does not allow it.
    public static final int STATE_INCORRECT = 4;
    /// Entry status: a vCPU may still write.
    public static final int TRACKING_NOT_DONE = 5;
    /// Entry status: the TD's state does not allow it.
    public static final int OP_STATE_INCORRECT = 6;
    /// Entry status: the page came in the present migration epoch already.
    public static final int MIGRATED_IN_CURRENT_EPOCH = 7;
    /// Entry status: there is no buffer that holds the page's content.
    public static final int BUFFER_NOT_AVAILABLE = 8;
    /// Entry status: there is no page to put it into.
    public static final int NEW_PAGE_NOT_AVAILABLE = 9;
    /// Entry status: the page was removed in the present migration epoch.
    public static final int DISALLOWED_OVER_REMOVED = 11;
    /// Entry status: the entry itself is illegal.
    public static final int ENTRY_INVALID = 15;
    /// Bits of the operand that are zero.
    public static final long RESERVED = 7L << 52;
    /// In a list of pages: there is none at this index.
    public static final long NO_PAGE = 1L << 63;

    private static final long HPA_MASK = 0x000f_ffff_ffff_f000L;
    private static final long STATUS_MASK = 0x1fL << 56;
    private static final long OP_MASK = 3L << 52;
    private static final long PENDING = 1 << 2;
    /// Reserved bits and the level, which has to be 0.
    private static final long ZEROES = 7L << 61 | 3L << 54 | 0xf << 3 | 3;

    private GpaList() {
    }

    /// The list's format; only 0 exists.
    public static int format(long operand) {
        return (int) operand & 7;
    }

    /// Index of the first entry.
    public static int first(long operand) {
        return (int) (operand >>> 3) & 0x1ff;
    }

    /// Index of the last entry.
    public static int last(long operand) {
        return (int) (operand >>> 55) & 0x1ff;
    }

    /// Address of the list.
    public static long hpa(long operand) {
        return operand & HPA_MASK;
    }

    /// An operand.
    public static long operand(long hpa, int first, int last) {
        return hpa | (long) first << 3 | (long) last << 55;
    }

    /// The operand of a call that goes on behind entry `index`.
    public static long behind(long operand, int index) {
        return operand & ~(0x1ffL << 3) | (index + 1L & 0x1ff) << 3;
    }

    /// Whether the bits of an entry that mean nothing are zero, and its level.
    public static boolean isValid(long entry) {
        return (entry & ZEROES) == 0;
    }

    /// Whether the page of an entry is one that its guest has not accepted.
    public static boolean isPending(long entry) {
        return (entry & PENDING) != 0;
    }

    /// The entry with that said of its page.
    public static long withPending(long entry, boolean isPending) {
        return isPending ? entry | PENDING : entry & ~PENDING;
    }

    /// The operation of an entry.
    public static int operation(long entry) {
        return (int) (entry >>> 52) & 3;
    }

    /// Whether the operation is one of the two that do something to a page in lists where nothing is undone.
    public static boolean isMigration(long entry) {
        return (operation(entry) & 1) != 0;
    }

    /// The status of an entry.
    public static int status(long entry) {
        return (int) (entry >>> 56) & 0x1f;
    }

    /// The entry as a page operand.
    public static long pageInfo(long entry) {
        return entry & HPA_MASK | entry & 3;
    }

    /// The entry with its outcome.
    public static long answered(long entry, int operation, int status) {
        return entry & ~(STATUS_MASK | OP_MASK) | (long) operation << 52 | (long) status << 56;
    }
}
