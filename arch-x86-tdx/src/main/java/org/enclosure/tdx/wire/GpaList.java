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

    private static final long HPA_MASK = 0x000f_ffff_ffff_f000L;
    private static final long STATUS_MASK = 0x1fL << 56;
    private static final long OP_MASK = 3L << 52;

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

    /// The operation of an entry.
    public static int operation(long entry) {
        return (int) (entry >>> 52) & 3;
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
