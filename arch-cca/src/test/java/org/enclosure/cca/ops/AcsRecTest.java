package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// The cases of Arm's compliance suite for RMM 1.0 on REC_ENTER and PSCI_COMPLETE, by their names: a legal call of which one
/// operand or precondition, or two, are made illegal.
class AcsRecTest {
    /// The second and the third REC of the realm, which are switched off.
    private static final long SECOND = BareRealm.BASE + 0x2_d000;
    private static final long THIRD = BareRealm.BASE + 0x2_e000;
    private static final long AUX = BareRealm.BASE + 0x3_0000;
    private static final long AUX_BYTES = 0x1_0000;
    /// The two RECs of another realm.
    private static final long OTHERS = BareRealm.BASE + 0x2_f000;
    private static final long OTHERS_SECOND = BareRealm.BASE + 0x4_1000;
    private static final long OTHERS_AUX = BareRealm.BASE + 0x5_0000;
    private static final long GIC_HCR = AcsMachine.HOST + 0x300;
    private static final long EMULATED_MMIO = 1;
    private static final long EXIT_PENDING = 5;

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "/acs-rec.csv", numLinesToSkip = 1)
    void shouldAnswerAsTheSuiteExpects(String command, String condition, String stimulus, String status, int index) {
        BareRealm realm = AcsMachine.open("1.0").rec(BareRealm.RD, SECOND, AUX, 1, 0);
        String spoiled = condition.equals("success") ? "" : stimulus;
        long x0 = command.equals("RMI_REC_ENTER") ? enter(realm, spoiled) : complete(realm, spoiled);
        assertEquals(status + " " + index, AcsMachine.status(x0));
    }

    private static long enter(BareRealm realm, String stimulus) {
        long[] operands = {BareRealm.REC, AcsMachine.HOST};
        realm.must("PARAMS.RUN", stimulus.equals("REC_EMULATED_MMIO") ? EMULATED_MMIO : 0).must("HOST.WRITE",
                AcsMachine.HOST);
        if (stimulus.endsWith("REALM_SYSTEM_OFF")) {
            AcsMachine.switchOff(realm);
        } else if (!stimulus.endsWith("REALM_NEW")) {
            realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
        }
        if (stimulus.contains("INVALID_GI")) {
            realm.must("HOST.WRITE64", GIC_HCR, 1);
        }
        if (stimulus.endsWith("REC_NOT_RUNNABLE")) {
            operands[0] = SECOND;
        }
        if (stimulus.equals("REC_PSCI_PENDING")) {
            ask(realm);
        }
        String first = stimulus.replaceFirst("_(INVALID_GICV3|REC_NOT_RUNNABLE|REALM_NEW|REALM_SYSTEM_OFF)$", "");
        boolean isDone = spoil(realm, first, "RUN_PTR_", 1, operands) || spoil(realm, first, "RUN_", 1, operands)
                || spoil(realm, first, "REC_", 0, operands);
        boolean isOfAnother = stimulus.matches("|REALM_.*|REC_(EMULATED|PSCI|NOT).*|RUN_PTR_INVALID.*");
        assertTrue(isDone || isOfAnother, stimulus);
        return realm.call("RMI_REC_ENTER", operands);
    }

    private static long complete(BareRealm realm, String stimulus) {
        long[] operands = {BareRealm.REC, SECOND, 0};
        realm.rec(BareRealm.RD, THIRD, AUX + AUX_BYTES * 3, 2, 0)
                .rec(AcsMachine.OTHER_RD, OTHERS, OTHERS_AUX, 0, 0)
                .rec(AcsMachine.OTHER_RD, OTHERS_SECOND, OTHERS_AUX + AUX_BYTES * 2, 1, 0);
        realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
        ask(realm);
        switch (stimulus) {
            case "" -> {
                // The legal call.
            }
            case "ALIAS" -> operands[1] = BareRealm.REC;
            case "NO_PSCI_REQUEST" -> realm.must("RMI_PSCI_COMPLETE", operands);
            case "TARGET_OTHER_OWNER" -> operands[1] = OTHERS_SECOND;
            case "TARGET_OTHER_MPIDR" -> operands[1] = THIRD;
            case "STATUS_NOT_PERMITTED" -> operands[2] = 5;
            default -> assertTrue(spoil(realm, stimulus, "CALLING_", 0, operands)
                    || spoil(realm, stimulus, "TARGET_", 1, operands), stimulus);
        }
        return realm.call("RMI_PSCI_COMPLETE", operands);
    }

    /// The first REC asks for the second to be switched on.
    private static void ask(BareRealm realm) {
        assertEquals(0, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("PSCI_CPU_ON", BareRealm.REC, 1, AcsMachine.PAGE, 0));
        realm.must("REC.LEAVE", BareRealm.REC, 1);
    }

    private static boolean spoil(BareRealm realm, String stimulus, String subject, int operand, long[] operands) {
        return stimulus.startsWith(subject)
                && AcsMachine.spoilGranule(realm, stimulus.substring(subject.length()), operand, operands);
    }
}
