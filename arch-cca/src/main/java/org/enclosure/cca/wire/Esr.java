package org.enclosure.cca.wire;

/// Exception syndromes, built from the fields of ESR_ELx (Arm ARM, ESR_EL2).
///
/// ```
///  31   26 25 24  23 22 21 20  16 15     9     6  5     0
/// +-------+--+---+-----+--+------+--+-+--+-+---+--+------+
/// |  EC   |IL|ISV| SAS |  | SRT  |SF| |EA| |WnR|  | FSC  |
/// +-------+--+---+-----+--+------+--+-+--+-+---+--+------+
/// ```
public final class Esr {
    /// A WFI or WFE that the RMM traps, as the host sees it.
    public static final long WFX = 0x01L << 26;

    /// HPFAR holds an IPA without its low bits.
    public static final int HPFAR_SHIFT = 8;

    private static final long INSTRUCTION_ABORT_LOWER = 0x20L << 26;
    private static final long INSTRUCTION_ABORT_SAME = 0x21L << 26;
    private static final long DATA_ABORT_LOWER = 0x24L << 26;
    private static final long DATA_ABORT_SAME = 0x25L << 26;
    private static final long IL = 1 << 25;
    private static final long ISV = 1 << 24;
    private static final long SAS_8_BYTES = 3 << 22;
    private static final int SRT_SHIFT = 16;
    private static final long SF = 1 << 15;
    private static final long EA = 1 << 9;
    private static final long WNR = 1 << 6;
    private static final long TRANSLATION_FAULT = 0x04;
    private static final long EXTERNAL_ABORT = 0x10;

    private Esr() {
    }

    /// What the host sees of an abort at a protected IPA: that it is one, and the level.
    public static long protectedAbort(int level, boolean isFetch) {
        return (isFetch ? INSTRUCTION_ABORT_LOWER : DATA_ABORT_LOWER) | TRANSLATION_FAULT + level;
    }

    /// What the host sees of an 8-byte load or store at an unprotected IPA; the register stays hidden.
    public static long unprotectedAbort(int level, boolean isWrite) {
        return DATA_ABORT_LOWER | ISV | SAS_8_BYTES | SF | (isWrite ? WNR : 0) | TRANSLATION_FAULT + level;
    }

    /// What the realm sees of a synchronous external abort of an 8-byte load or store.
    ///
    /// @param register the one loaded or stored
    public static long externalDataAbort(int register, boolean isWrite) {
        return DATA_ABORT_SAME | IL | ISV | SAS_8_BYTES | (long) register << SRT_SHIFT | SF | EA | (isWrite ? WNR : 0)
                | EXTERNAL_ABORT;
    }

    /// What the realm sees of a synchronous external abort of a fetch.
    public static long externalFetchAbort() {
        return INSTRUCTION_ABORT_SAME | IL | EA | EXTERNAL_ABORT;
    }

    /// HPFAR of a faulting IPA: its page.
    public static long hpfar(long ipa) {
        return ipa >>> 12 << 12 - HPFAR_SHIFT;
    }
}
