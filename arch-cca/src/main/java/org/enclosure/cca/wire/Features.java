package org.enclosure.cca.wire;

/// Feature register 0 (RMM specification 1.0, RmiFeatureRegister0).
///
/// ```
///  41      38 37  34 33     32     31       27 26  25  20 19  14 13    10 9   8    7  0
/// +----------+------+------+------+-----------+---+------+------+--------+---+----+-----+
/// |max RECs  | LRs  |SHA512|SHA256| PMU ctrs  |PMU| WPS  | BPS  | SVE VL |SVE|LPA2|S2SZ |
/// +----------+------+------+------+-----------+---+------+------+--------+---+----+-----+
/// ```
public final class Features {
    /// The register of the modelled machine: 48-bit IPAs, SVE, PMU with 6 counters, both hashes, no LPA2.
    public static final long REGISTER_0 = 0x28f_3431_4e30L;

    private Features() {
    }

    /// The largest IPA width.
    public static int s2sz() {
        return (int) REGISTER_0 & 0xff;
    }

    /// Whether there are 52-bit addresses.
    public static boolean lpa2() {
        return field(8, 1) != 0;
    }

    /// Whether there is SVE.
    public static boolean sve() {
        return field(9, 1) != 0;
    }

    /// The largest SVE vector length.
    public static int sveVl() {
        return field(10, 4);
    }

    /// The most breakpoints.
    public static int numBps() {
        return field(14, 6);
    }

    /// The most watchpoints.
    public static int numWps() {
        return field(20, 6);
    }

    /// Whether there is a PMU.
    public static boolean pmu() {
        return field(26, 1) != 0;
    }

    /// The most PMU counters.
    public static int pmuCounters() {
        return field(27, 5);
    }

    private static int field(int shift, int bits) {
        return (int) (REGISTER_0 >>> shift) & (1 << bits) - 1;
    }
}
