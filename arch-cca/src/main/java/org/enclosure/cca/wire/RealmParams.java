package org.enclosure.cca.wire;

/// The page that REALM_CREATE reads (RMM specification 1.0, RmiRealmParams): byte offsets of its fields.
///
/// ```
/// 0x000 flags   0x008 s2sz   0x010 sve_vl   0x018 num_bps   0x020 num_wps   0x028 pmu_num_ctrs   0x030 hash
/// 0x400 rpv[64]
/// 0x800 vmid    0x808 rtt_base   0x810 rtt_level_start   0x818 rtt_num_start
/// ```
public final class RealmParams {
    /// Flags.
    public static final int FLAGS = 0;
    /// Width of the IPA space, 32 bits.
    public static final int S2SZ = 0x8;
    /// SVE vector length, 32 bits.
    public static final int SVE_VL = 0x10;
    /// Breakpoints, 32 bits.
    public static final int NUM_BPS = 0x18;
    /// Watchpoints, 32 bits.
    public static final int NUM_WPS = 0x20;
    /// PMU counters, 32 bits.
    public static final int PMU_NUM_CTRS = 0x28;
    /// Hash algorithm, 8 bits.
    public static final int HASH = 0x30;
    /// Realm personalisation value.
    public static final int RPV = 0x400;
    /// Length of the personalisation value.
    public static final int RPV_BYTES = 64;
    /// VMID, 16 bits.
    public static final int VMID = 0x800;
    /// First start-level table.
    public static final int RTT_BASE = 0x808;
    /// Start level, signed.
    public static final int RTT_LEVEL_START = 0x810;
    /// Number of start-level tables, 32 bits.
    public static final int RTT_NUM_START = 0x818;

    /// Flag: 52-bit addresses.
    public static final long LPA2 = 1;
    /// Flag: SVE.
    public static final long SVE = 1 << 1;
    /// Flag: PMU.
    public static final long PMU = 1 << 2;

    /// Hash algorithm SHA-256.
    public static final int SHA_256 = 0;
    /// Hash algorithm SHA-512.
    public static final int SHA_512 = 1;

    private RealmParams() {
    }
}
