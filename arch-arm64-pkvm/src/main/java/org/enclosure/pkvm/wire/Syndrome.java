package org.enclosure.pkvm.wire;

/// Exception syndromes that EL2 makes up, as ESR_EL2 (Arm ARM D24.2.40) lays them out for data aborts.
///
/// ```
///  31  26 25 24      8  7     6     5     0
/// +------+--+---------+-----+-----+--------+
/// |  EC  |IL|    0    |S1PTW| WnR |  DFSC  |
/// +------+--+---------+-----+-----+--------+
/// ```
public final class Syndrome {
    private static final long LOWER_EL = 0x24L << 26;
    private static final long SAME_EL = 0x25L << 26;
    private static final long INSTRUCTION_LENGTH = 1L << 25;
    private static final long S1PTW = 1L << 7;
    private static final long WRITE = 1L << 6;
    private static final long TRANSLATION_LEVEL_3 = 7;
    private static final int HPFAR_SHIFT = 4;

    private Syndrome() {
    }

    /// A stage-2 abort of a guest, as the host sees it: from a lower EL, translation fault at level 3. EL2 makes one up, with
    /// `write`, when a call needs a page that is not mapped.
    public static long guestAbort(boolean write) {
        return LOWER_EL | INSTRUCTION_LENGTH | (write ? WRITE : 0) | TRANSLATION_LEVEL_3;
    }

    /// The abort that EL2 injects into a host that touches a page which is not its own: S1PTW set, the class of the level that it
    /// came from, and the fault status as it was: a translation fault, not an external abort.
    public static long hostAbort(boolean write, boolean fromKernel) {
        return (fromKernel ? SAME_EL : LOWER_EL) | INSTRUCTION_LENGTH | S1PTW | (write ? WRITE : 0)
                | TRANSLATION_LEVEL_3;
    }

    /// HPFAR_EL2 of a guest page.
    public static long hpfar(long gfn) {
        return gfn << HPFAR_SHIFT;
    }
}
