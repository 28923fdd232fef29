package org.enclosure.cca.wire;

/// The Realm Management Interface: function identifiers and status words of the host's SMCs (RMM specification 1.0, B4).
///
/// ```
/// x0   63        16 15      8 7        0
///     +------------+---------+----------+
///     |      0     |  index  |  status  |
///     +------------+---------+----------+
/// ```
///
/// The index of ERROR_RTT is the level where the walk ended or of the entry that stands in the way.
public final class Rmi {
    /// First function identifier of the interface.
    public static final long BASE = 0xc400_0150L;
    /// VERSION(requested) -> lower, higher.
    public static final long VERSION = BASE;
    /// GRANULE_DELEGATE(addr).
    public static final long GRANULE_DELEGATE = BASE + 0x1;
    /// GRANULE_UNDELEGATE(addr).
    public static final long GRANULE_UNDELEGATE = BASE + 0x2;
    /// DATA_CREATE(rd, data, ipa, src, flags).
    public static final long DATA_CREATE = BASE + 0x3;
    /// DATA_CREATE_UNKNOWN(rd, data, ipa).
    public static final long DATA_CREATE_UNKNOWN = BASE + 0x4;
    /// DATA_DESTROY(rd, ipa) -> data, top.
    public static final long DATA_DESTROY = BASE + 0x5;
    /// REALM_ACTIVATE(rd).
    public static final long REALM_ACTIVATE = BASE + 0x7;
    /// REALM_CREATE(rd, params).
    public static final long REALM_CREATE = BASE + 0x8;
    /// REALM_DESTROY(rd).
    public static final long REALM_DESTROY = BASE + 0x9;
    /// REC_CREATE(rd, rec, params).
    public static final long REC_CREATE = BASE + 0xa;
    /// REC_DESTROY(rec).
    public static final long REC_DESTROY = BASE + 0xb;
    /// REC_ENTER(rec, run).
    public static final long REC_ENTER = BASE + 0xc;
    /// RTT_CREATE(rd, rtt, ipa, level).
    public static final long RTT_CREATE = BASE + 0xd;
    /// RTT_DESTROY(rd, ipa, level) -> rtt, top.
    public static final long RTT_DESTROY = BASE + 0xe;
    /// RTT_MAP_UNPROTECTED(rd, ipa, level, desc).
    public static final long RTT_MAP_UNPROTECTED = BASE + 0xf;
    /// RTT_READ_ENTRY(rd, ipa, level) -> level, state, desc, ripas.
    public static final long RTT_READ_ENTRY = BASE + 0x11;
    /// RTT_UNMAP_UNPROTECTED(rd, ipa, level) -> top.
    public static final long RTT_UNMAP_UNPROTECTED = BASE + 0x12;
    /// PSCI_COMPLETE(calling, target, status).
    public static final long PSCI_COMPLETE = BASE + 0x14;
    /// FEATURES(index) -> value.
    public static final long FEATURES = BASE + 0x15;
    /// RTT_FOLD(rd, ipa, level) -> rtt.
    public static final long RTT_FOLD = BASE + 0x16;
    /// REC_AUX_COUNT(rd) -> count.
    public static final long REC_AUX_COUNT = BASE + 0x17;
    /// RTT_INIT_RIPAS(rd, base, top) -> reached.
    public static final long RTT_INIT_RIPAS = BASE + 0x18;
    /// RTT_SET_RIPAS(rd, rec, base, top) -> reached.
    public static final long RTT_SET_RIPAS = BASE + 0x19;

    /// Done.
    public static final long SUCCESS = 0;
    /// An argument is illegal, or a granule is in the wrong state.
    public static final long ERROR_INPUT = 1;
    /// The state of the realm does not permit it.
    public static final long ERROR_REALM = 2;
    /// The state of the REC does not permit it.
    public static final long ERROR_REC = 3;
    /// A realm translation table does not permit it.
    public static final long ERROR_RTT = 4;
    /// There is no such function.
    public static final long NOT_SUPPORTED = -1;
    /// Another processor holds a granule; nothing changed. The architecture knows no such answer, its processors spin: here
    /// the caller tries again, because no call of the machine waits.
    public static final long CONTENDED = -2;
    /// ERROR_REALM of REC_ENTER when the realm has switched itself off.
    public static final long SYSTEM_OFF = ERROR_REALM | 1 << 8;
    /// The one version of the interface and of RSI that is spoken: 1.0.
    public static final long VERSION_1_0 = 0x1_0000;

    private Rmi() {
    }

    /// ERROR_RTT with a level.
    public static long rtt(int level) {
        return ERROR_RTT | (long) level << 8;
    }

    /// The status of an x0, without the index.
    public static long status(long x0) {
        return x0 & 0xff;
    }

    /// The index of an x0.
    public static int index(long x0) {
        return (int) (x0 >>> 8) & 0xff;
    }

    /// Whether an x0 is ERROR_RTT.
    public static boolean isRtt(long x0) {
        return x0 > 0 && status(x0) == ERROR_RTT;
    }
}
