package org.enclosure.cca.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.enclosure.cca.machine.StartLevel;
import org.enclosure.cca.wire.Features;
import org.enclosure.cca.wire.RealmParams;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;

/// The parameters of a realm, from options by name.
///
/// @param flags LPA2, SVE, PMU
/// @param s2sz width of the IPA space
/// @param sveVl SVE vector length
/// @param numBps breakpoints
/// @param numWps watchpoints
/// @param pmuCounters PMU counters
/// @param hash hash algorithm
/// @param startLevel start level of translation
/// @param recs how many runnable RECs a plan has; a described launch lists them
public record RealmOptions(long flags, int s2sz, int sveVl, int numBps, int numWps, int pmuCounters, int hash,
        int startLevel, int recs) {
    /// Option: number of runnable RECs.
    public static final String VCPUS = "vcpus";
    /// Option: width of the IPA space.
    public static final String S2SZ = "s2sz";
    /// Option: start level of translation.
    public static final String START_LEVEL = "start-level";
    /// Option: sha-256 or sha-512.
    public static final String HASH = "hash";
    /// Option: flags of the realm.
    public static final String FLAGS = "flags";
    /// Option: SVE vector length.
    public static final String SVE_VL = "sve-vl";
    /// Option: breakpoints.
    public static final String NUM_BPS = "num-bps";
    /// Option: watchpoints.
    public static final String NUM_WPS = "num-wps";
    /// Option: PMU counters.
    public static final String PMU_COUNTERS = "pmu-num-ctrs";
    /// Options that begin so give the registers of one REC of a described launch: `rec.0.pc`, `rec.0.gpr3`.
    static final String REC_PREFIX = "rec.";

    static final String SHA_256 = "sha-256";
    static final String SHA_512 = "sha-512";

    private static final Set<String> NAMES = new TreeSet<>(Set.of(LaunchPlanner.OPTION_GPA, VCPUS, S2SZ, START_LEVEL,
            HASH, FLAGS, SVE_VL, NUM_BPS, NUM_WPS, PMU_COUNTERS));
    /// What a VM can be created with; the start level follows from the width.
    private static final Set<String> VM_NAMES = new TreeSet<>(Set.of(S2SZ, HASH, FLAGS, SVE_VL, NUM_BPS, NUM_WPS,
            PMU_COUNTERS));
    private static final Pattern REC = Pattern.compile("rec\\.[0-9]{1,9}\\.(pc|gpr[0-7])");
    private static final int DEFAULT_WIDTH = 48;
    private static final int MAX_VCPUS = 512;
    private static final int BYTE = 0xff;

    /// Reads options; what is not given has the value of a realm that [org.enclosure.cca.host.CcaPlatform] creates.
    ///
    /// @throws IllegalArgumentException naming an unknown option, or an illegal value with what is legal
    public static RealmOptions of(Map<String, String> options) {
        for (String name : options.keySet()) {
            if (!NAMES.contains(name) && !REC.matcher(name).matches()) {
                throw new IllegalArgumentException("option " + name + " of a realm's launch is not known; legal: "
                        + String.join(", ", NAMES) + ", rec.N.pc, rec.N.gpr0 to rec.N.gpr7");
            }
        }
        return read(options);
    }

    /// Reads the options of a VM.
    ///
    /// @throws IllegalArgumentException naming an unknown option, or an illegal value with what is legal
    public static RealmOptions ofVm(Map<String, String> options) {
        OptionNames.check("a realm", options, VM_NAMES);
        return read(options);
    }

    /// Whether the options say what the registers of RECs hold.
    static boolean describesRecs(Map<String, String> options) {
        return options.keySet().stream().anyMatch(name -> name.startsWith(REC_PREFIX));
    }

    private static RealmOptions read(Map<String, String> options) {
        int width = number(options, S2SZ, DEFAULT_WIDTH, 32, Features.s2sz());
        RealmOptions realm = new RealmOptions(number(options, FLAGS, 0, 0, 7), width,
                number(options, SVE_VL, 0, 0, BYTE), number(options, NUM_BPS, 1, 1, Features.numBps()),
                number(options, NUM_WPS, 1, 1, Features.numWps()), number(options, PMU_COUNTERS, 0, 0, BYTE),
                hash(options), number(options, START_LEVEL, StartLevel.shortest(width), 0, 3),
                number(options, VCPUS, 1, 1, MAX_VCPUS));
        if (!StartLevel.isLegal(realm.startLevel, width)) {
            throw new IllegalArgumentException(
                    "option " + START_LEVEL + "=" + realm.startLevel + " does not fit s2sz=" + width);
        }
        return realm;
    }

    /// Checks that a launch describes the realm that this VM is.
    ///
    /// @throws IllegalArgumentException naming the option that differs, with both values
    public void checkSame(RealmOptions launch) {
        same(S2SZ, s2sz, launch.s2sz);
        same(START_LEVEL, startLevel, launch.startLevel);
        same(HASH, hash, launch.hash);
        same(FLAGS, flags, launch.flags);
        same(SVE_VL, sveVl, launch.sveVl);
        same(NUM_BPS, numBps, launch.numBps);
        same(NUM_WPS, numWps, launch.numWps);
        same(PMU_COUNTERS, pmuCounters, launch.pmuCounters);
    }

    private static void same(String name, long vm, long launch) {
        if (vm != launch) {
            throw new IllegalArgumentException("option " + name + " of the launch is " + launch
                    + (name.equals(HASH) ? " (0 sha-256, 1 sha-512)" : "") + ", but the VM was created with " + vm);
        }
    }

    private static int hash(Map<String, String> options) {
        return OptionValues.choice(options, HASH, SHA_256, SHA_512).equals(SHA_256) ? RealmParams.SHA_256
                : RealmParams.SHA_512;
    }

    private static int number(Map<String, String> options, String name, int fallback, int least, int most) {
        return (int) OptionValues.number(options, name, fallback, least, most);
    }

    /// The options with one of them changed.
    static Map<String, String> with(Map<String, String> options, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(name, value);
        return changed;
    }
}
