package org.enclosure.cca.wire;

/// The Realm Services Interface: SMCs of the realm (RMM specification 1.0, B5).
public final class Rsi {
    /// First function identifier of the interface.
    public static final long BASE = 0xc400_0190L;
    /// VERSION(requested) -> lower, higher.
    public static final long VERSION = BASE;
    /// FEATURES(index) -> value.
    public static final long FEATURES = BASE + 0x1;
    /// MEASUREMENT_READ(index) -> eight words.
    public static final long MEASUREMENT_READ = BASE + 0x2;
    /// MEASUREMENT_EXTEND(index, size, eight words).
    public static final long MEASUREMENT_EXTEND = BASE + 0x3;
    /// ATTEST_TOKEN_INIT(challenge).
    public static final long ATTEST_TOKEN_INIT = BASE + 0x4;
    /// ATTEST_TOKEN_CONTINUE(ipa, offset, size).
    public static final long ATTEST_TOKEN_CONTINUE = BASE + 0x5;
    /// REALM_CONFIG(ipa).
    public static final long REALM_CONFIG = BASE + 0x6;
    /// IPA_STATE_SET(base, top, ripas, flags) -> reached, response.
    public static final long IPA_STATE_SET = BASE + 0x7;
    /// IPA_STATE_GET(base, top) -> end of the run, ripas.
    public static final long IPA_STATE_GET = BASE + 0x8;
    /// HOST_CALL(ipa).
    public static final long HOST_CALL = BASE + 0x9;

    /// Done.
    public static final long SUCCESS = 0;
    /// An argument is illegal.
    public static final long ERROR_INPUT = 1;
    /// The state of the realm does not permit it.
    public static final long ERROR_STATE = 2;
    /// An operation that has not ended.
    public static final long INCOMPLETE = 3;
    /// It failed for another reason.
    public static final long ERROR_UNKNOWN = 4;

    /// Response of IPA_STATE_SET: the host did not refuse.
    public static final long ACCEPT = 0;
    /// Response of IPA_STATE_SET: the host refused.
    public static final long REJECT = 1;
    /// Flag of IPA_STATE_SET: DESTROYED may change, too.
    public static final long CHANGE_DESTROYED = 1;

    /// REALM_CONFIG: width of the IPA space.
    public static final int CONFIG_IPA_WIDTH = 0;
    /// REALM_CONFIG: hash algorithm.
    public static final int CONFIG_HASH = 8;
    /// REALM_CONFIG: realm personalisation value.
    public static final int CONFIG_RPV = 0x200;
    /// HOST_CALL: immediate, 16 bits.
    public static final int HOST_CALL_IMM = 0;
    /// HOST_CALL: the general registers.
    public static final int HOST_CALL_GPRS = 8;
    /// HOST_CALL: alignment of the block, and more than its length.
    public static final int HOST_CALL_ALIGNMENT = 256;

    private Rsi() {
    }
}
