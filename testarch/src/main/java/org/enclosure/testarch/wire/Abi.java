package org.enclosure.testarch.wire;

/// What a guest of this architecture can execute: three instructions. Register 0 holds the result afterwards, one of the result
/// constants.
///
/// ```
///  63                        12 11           2 1   0
/// +----------------------------+--------------+--+---+
/// |       gpa of a range       |  pages - 1   | 0| P |     an entry of a BATCH page; P: to private
/// +----------------------------+--------------+--+---+
/// ```
public final class Abi {
    /// Instruction: call the host. Register 0: [#FUNCTION_CONVERT], or a number for the VMM. CONVERT: register 1 gpa, register 2
    /// pages, register 3 is 1 for to private and 0 for to shared; afterwards register 1 is the first gpa that was not done.
    public static final int CALL = 1;
    /// Instruction: accept a page. Register 1 gpa, register 2 level, register 3 is 1 to accept and 0 to take that back;
    /// afterwards register 1 is 1 if the page was so before.
    public static final int ACCEPT = 2;
    /// Instruction: ask for several conversions. Register 1 is the gpa of a shared page that holds a count (8 bytes) and as many
    /// entries.
    public static final int BATCH = 3;

    /// Function of CALL: convert a range.
    public static final long FUNCTION_CONVERT = 1;
    /// The most entries of a BATCH page.
    public static final int BATCH_ENTRIES = 8;

    /// Result: done.
    public static final long SUCCESS = 0;
    /// Result: an operand is illegal; nothing was done.
    public static final long BAD_OPERAND = 1;
    /// Result: the host refuses.
    public static final long REFUSED = 2;
    /// Result: try again from the gpa in register 1.
    public static final long BUSY = 3;
    /// Result of ACCEPT: the page is mapped in another size.
    public static final long SIZE_MISMATCH = 4;

    private static final long PAGES_MASK = 0x3ff;
    private static final int PAGES_SHIFT = 2;
    private static final long TO_PRIVATE = 1;
    private static final long RESERVED = 1 << 1;

    private Abi() {
    }

    /// An entry of a BATCH page.
    public static long entry(long gpa, long pages, boolean toPrivate) {
        return gpa | pages - 1 << PAGES_SHIFT | (toPrivate ? TO_PRIVATE : 0);
    }

    /// First page of an entry's range.
    public static long gfn(long entry) {
        return entry >>> 12;
    }

    /// Length of an entry's range.
    public static long pages(long entry) {
        return (entry >>> PAGES_SHIFT & PAGES_MASK) + 1;
    }

    /// Whether an entry asks for private memory.
    public static boolean toPrivate(long entry) {
        return (entry & TO_PRIVATE) != 0;
    }

    /// Whether the bit that has to be zero is.
    public static boolean isWellFormed(long entry) {
        return (entry & RESERVED) == 0;
    }
}
