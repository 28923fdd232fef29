package org.enclosure.cca.wire;

/// The page that REC_CREATE reads (RMM specification 1.0, RmiRecParams): byte offsets of its fields.
///
/// ```
/// 0x000 flags   0x100 mpidr   0x200 pc   0x300 gprs[8]   0x800 num_aux   0x808 aux[16]
/// ```
public final class RecParams {
    /// Flags.
    public static final int FLAGS = 0;
    /// MPIDR.
    public static final int MPIDR = 0x100;
    /// Program counter.
    public static final int PC = 0x200;
    /// General registers.
    public static final int GPRS = 0x300;
    /// Number of general registers.
    public static final int NUM_GPRS = 8;
    /// Number of auxiliary granules.
    public static final int NUM_AUX = 0x800;
    /// Auxiliary granules.
    public static final int AUX = 0x808;
    /// Most auxiliary granules, and how many this RMM wants.
    public static final int MAX_AUX = 16;
    /// Flag: the REC can be entered.
    public static final long RUNNABLE = 1;

    private static final long MPIDR_MASK = 0xffff_ff0fL;

    private RecParams() {
    }

    /// The index of the REC with an MPIDR, or -1 if the MPIDR has bits that no REC has.
    public static long index(long mpidr) {
        if ((mpidr & ~MPIDR_MASK) != 0) {
            return -1;
        }
        return mpidr & 0xf | (mpidr >>> 8 & 0xff_ffff) << 4;
    }

    /// The MPIDR of the REC with an index.
    public static long mpidr(long index) {
        return index & 0xf | index >>> 4 << 8;
    }
}
