package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// The cases of Arm's compliance suite for RMM 1.0 on REALM_CREATE and REC_CREATE, by their names: legal parameters of which
/// one is made illegal. A call that fails takes no granule.
class AcsRealmTest {
    private static final long NEW = BareRealm.BASE + 0x2_d000;
    private static final long NEW_ROOT = BareRealm.BASE + 0x2_e000;
    private static final long NEW_AUX = BareRealm.BASE + 0x3_0000;
    private static final int DELEGATED = 1;
    private static final int RD = 2;
    private static final int REC = 3;
    private static final int RTT = 6;
    /// Operands of PARAMS.REALM by position.
    private static final int FLAGS = 0;
    private static final int S2SZ = 1;
    private static final int SVE_VL = 2;
    private static final int NUM_BPS = 3;
    private static final int NUM_WPS = 4;
    private static final int PMU_COUNTERS = 5;
    private static final int HASH = 6;
    private static final int VMID = 8;
    private static final int RTT_BASE = 9;
    private static final int START_LEVEL = 10;
    private static final long LPA2 = 1;
    private static final long SVE = 2;
    private static final long PMU = 4;
    /// Operands of PARAMS.REC by position.
    private static final int MPIDR = 1;
    private static final int NUM_AUX = BareRealm.FIRST_AUX - 1;
    private static final int SOME_AUX = BareRealm.FIRST_AUX + 3;

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "/acs-realm.csv", numLinesToSkip = 1)
    void shouldAnswerAsTheSuiteExpects(String command, String condition, String stimulus, String status, int index) {
        BareRealm realm = AcsMachine.open("1.0");
        boolean isRealm = command.equals("RMI_REALM_CREATE");
        realm.delegate(NEW, NEW_ROOT);
        for (int i = 0; i < 16; i++) {
            realm.delegate(NEW_AUX + i * AcsMachine.PAGE);
        }
        boolean isLegal = condition.equals("success");
        long x0 = isRealm ? createRealm(realm, isLegal ? "" : stimulus) : createRec(realm, isLegal ? "" : stimulus);
        assertEquals(status + " " + index, AcsMachine.status(x0));
        assertEquals(!isLegal ? DELEGATED : isRealm ? RD : REC, state(realm, NEW));
        assertEquals(isLegal && isRealm ? RTT : DELEGATED, state(realm, NEW_ROOT));
    }

    private static long state(BareRealm realm, long granule) {
        return realm.must("STATE.GRANULE", granule).out("state");
    }

    private static long createRealm(BareRealm realm, String stimulus) {
        long[] operands = {NEW, AcsMachine.HOST};
        long[] params = {0, 48, 0, 1, 1, 0, 0, 0, 3, NEW_ROOT, 0, 1};
        boolean isDone = stimulus.isEmpty() || spoilParams(stimulus, params)
                || stimulus.startsWith("PARAMS_") && spoil(realm, stimulus, "PARAMS_", 1, operands)
                || spoil(realm, stimulus, "RD_", 0, operands);
        assertEquals(true, isDone, stimulus);
        return write(realm, "PARAMS.REALM", params).call("RMI_REALM_CREATE", operands);
    }

    private static boolean spoilParams(String stimulus, long[] params) {
        switch (stimulus) {
            case "HASH_ALGO_INVALID" -> params[HASH] = 0xff;
            case "HASH_ALGO_UNSUPPORTED" -> params[HASH] = 2;
            case "S2SZ_INVALID" -> params[S2SZ] = 49;
            case "PMU_UNSUPPORTED" -> flagged(params, PMU, PMU_COUNTERS, 7);
            case "SVE_UNSUPPORTED" -> flagged(params, SVE, SVE_VL, 4);
            case "LPA2_UNSUPPORTED" -> params[FLAGS] = LPA2;
            case "BPS_UNSUPPORTED" -> params[NUM_BPS] = 6;
            case "WPS_UNSUPPORTED" -> params[NUM_WPS] = 4;
            case "RTT_BASE_RD_ALIASED" -> params[RTT_BASE] = NEW;
            case "RTT_UNALIGNED" -> params[RTT_BASE] += 8;
            case "RTT_START_INVALID" -> params[START_LEVEL] = 1;
            case "RTT_BASE_UNDELEGATED" -> params[RTT_BASE] = BareRealm.PARAMS;
            case "VMID_USED" -> params[VMID] = 1;
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void flagged(long[] params, long flag, int field, long value) {
        params[FLAGS] = flag;
        params[field] = value;
    }

    private static long createRec(BareRealm realm, String stimulus) {
        long[] operands = {BareRealm.RD, NEW, AcsMachine.HOST};
        long[] params = BareRealm.recParams(NEW_AUX, 1, AcsMachine.RUNNABLE);
        boolean isDone = stimulus.isEmpty() || spoilRec(realm, stimulus, params)
                || spoil(realm, stimulus, "PARAMS_", 2, operands) || spoil(realm, stimulus, "REC_", 1, operands)
                || spoil(realm, stimulus, "RD_", 0, operands) || spoil(realm, stimulus, "AUX_", SOME_AUX, params);
        assertEquals(true, isDone, stimulus);
        return write(realm, "PARAMS.REC", params).call("RMI_REC_CREATE", operands);
    }

    private static boolean spoilRec(BareRealm realm, String stimulus, long[] params) {
        switch (stimulus) {
            case "REALM_ACTIVE" -> realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
            case "REALM_SYSTEM_OFF" -> AcsMachine.switchOff(realm);
            case "MPIDR_SKIPPED" -> params[MPIDR] = 2;
            case "NUM_AUX_INVALID" -> params[NUM_AUX] = 15;
            case "AUX_ALIASED" -> params[SOME_AUX] = params[SOME_AUX - 1];
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean spoil(BareRealm realm, String stimulus, String subject, int operand, long[] operands) {
        return stimulus.startsWith(subject)
                && AcsMachine.spoilGranule(realm, stimulus.substring(subject.length()), operand, operands);
    }

    /// Writes the page of parameters, unless the host cannot reach it any more.
    private static BareRealm write(BareRealm realm, String encoder, long[] params) {
        realm.must(encoder, params).call("HOST.WRITE", AcsMachine.HOST);
        return realm;
    }
}
