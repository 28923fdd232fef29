package org.enclosure.testarch.machine;

/// The word that the machine keeps per frame.
///
/// ```
///  63               28 27          8 7 6  5   4   3   2   1   0
/// +-------------------+-------------+-+--+---+---+---+---+---+---+
/// |    gfn (36 bits)  | owner (20)  |0|C | I | P | S | L | A | T |
/// +-------------------+-------------+-+--+---+---+---+---+---+---+
/// ```
///
/// Owner 0 is the host; then the whole word is 0.
public final class FrameWord {
    /// The frame is the host's.
    public static final long HOST = 0;
    /// T: a claim that is not decided yet.
    public static final long TENTATIVE = 1;
    /// A: the guest has accepted the page.
    public static final long ACCEPTED = 1 << 1;
    /// L: the frame is part of a 2M page.
    public static final long LARGE = 1 << 2;
    /// S: the frame holds a table or a control page.
    public static final long STRUCTURE = 1 << 3;
    /// P: the host wrote to it.
    public static final long POISONED = 1 << 4;
    /// I: a host write poisons instead of being refused.
    public static final long INTEGRITY = 1 << 5;
    /// C: with S, the control page of a VM.
    public static final long CONTROL = 1 << 6;
    /// The largest owner number.
    public static final int MAX_OWNER = (1 << 20) - 1;
    /// The first gfn that has no room in the word.
    public static final long GFN_LIMIT = 1L << 36;

    private static final int OWNER_SHIFT = 8;
    private static final int GFN_SHIFT = 28;

    private FrameWord() {
    }

    /// A word.
    public static long of(int owner, long gfn, long flags) {
        return gfn << GFN_SHIFT | (long) owner << OWNER_SHIFT | flags;
    }

    /// The owner.
    public static int owner(long word) {
        return (int) (word >>> OWNER_SHIFT) & MAX_OWNER;
    }

    /// The page that the frame is mapped at.
    public static long gfn(long word) {
        return word >>> GFN_SHIFT;
    }

    /// Whether the word says that the frame is `owner`'s for `gfn`, decided.
    public static boolean is(long word, int owner, long gfn) {
        return owner(word) == owner && gfn(word) == gfn && (word & (TENTATIVE | STRUCTURE)) == 0;
    }

    /// The word without what guest and host do to it after the claim.
    static long claimed(long word) {
        return word & ~(ACCEPTED | POISONED);
    }
}
