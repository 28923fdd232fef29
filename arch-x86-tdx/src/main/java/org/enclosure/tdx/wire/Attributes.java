package org.enclosure.tdx.wire;

/// Attributes of a TD (TD_PARAMS.ATTRIBUTES).
public final class Attributes {
    /// The host may read and write private memory.
    public static final long DEBUG = 1;
    /// A page that is not accepted makes a TD exit, no #VE.
    public static final long SEPT_VE_DISABLE = 1L << 28;
    /// The TD can be migrated; not with DEBUG or PERFMON.
    public static final long MIGRATABLE = 1L << 29;
    /// Protection keys for supervisor pages.
    public static final long PKS = 1L << 30;
    /// Key locker.
    public static final long KEY_LOCKER = 1L << 31;
    /// Performance monitoring.
    public static final long PERFMON = 1L << 63;
    /// All that are known.
    public static final long KNOWN = DEBUG | SEPT_VE_DISABLE | MIGRATABLE | PKS | KEY_LOCKER | PERFMON;

    private Attributes() {
    }
}
