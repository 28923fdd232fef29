package org.enclosure.testarch.machine;

/// An entry of the machine's own stage 2.
///
/// ```
///  62            52 51             12 11    5  4   3   2   1   0
/// +----------------+-----------------+-------+---+---+---+---+---+
/// | epoch of block | address         |   0   | K | B | S | L | P |
/// +----------------+-----------------+-------+---+---+---+---+---+
/// ```
public final class Entry {
    /// P: present, a table or a leaf.
    public static final long PRESENT = 1;
    /// L: a leaf.
    public static final long LEAF = 1 << 1;
    /// S: a leaf of the private (secret) half.
    public static final long PRIVATE = 1 << 2;
    /// B: blocked; no new translation is made of it.
    public static final long BLOCKED = 1 << 3;
    /// K: locked by the launch; conversions are refused.
    public static final long LOCKED = 1 << 4;

    static final long EPOCH_MASK = (1 << 11) - 1;

    private static final int EPOCH_SHIFT = 52;
    private static final long ADDRESS_MASK = 0x000f_ffff_ffff_f000L;
    private static final long FLAGS = PRESENT | LEAF | PRIVATE | BLOCKED | LOCKED;

    private Entry() {
    }

    /// Whether there is a table below.
    public static boolean isTable(long entry) {
        return (entry & (PRESENT | LEAF)) == PRESENT;
    }

    /// Whether it maps memory.
    public static boolean isLeaf(long entry) {
        return (entry & LEAF) != 0;
    }

    /// The table or the first byte of the memory.
    public static long address(long entry) {
        return entry & ADDRESS_MASK;
    }

    static long table(long pa) {
        return pa | PRESENT;
    }

    static long leaf(long pa, long flags) {
        return pa | flags & (PRIVATE | LOCKED) | LEAF | PRESENT;
    }

    static long blocked(long entry, int epoch) {
        return entry & (ADDRESS_MASK | FLAGS) | BLOCKED | (epoch & EPOCH_MASK) << EPOCH_SHIFT;
    }

    static long unblocked(long entry) {
        return entry & (ADDRESS_MASK | FLAGS) & ~BLOCKED;
    }

    static long blockedIn(long entry) {
        return entry >>> EPOCH_SHIFT;
    }
}
