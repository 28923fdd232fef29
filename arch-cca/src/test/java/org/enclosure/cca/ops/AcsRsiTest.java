package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// The cases of Arm's compliance suite for RMM 1.0 on the calls of a realm, by their names. A call that the RMM refuses does
/// not reach the host; a legal one that does is answered by it.
class AcsRsiTest {
    private static final long RAM_IPA = 3 * AcsMachine.PAGE;
    private static final long HALF = AcsMachine.HALF;
    private static final long RAM = 1;
    private static final long EXIT_PENDING = 5;
    private static final List<String> STATUSES = List.of("RSI_SUCCESS", "RSI_ERROR_INPUT", "RSI_ERROR_STATE",
            "RSI_INCOMPLETE", "RSI_ERROR_UNKNOWN");

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "/acs-rsi.csv", numLinesToSkip = 1)
    void shouldAnswerAsTheSuiteExpects(String function, String condition, String stimulus, String status) {
        BareRealm realm = AcsMachine.open("1.0")
                .must("RMI_RTT_INIT_RIPAS", BareRealm.RD, RAM_IPA, RAM_IPA + AcsMachine.PAGE)
                .must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, AcsMachine.FREE, RAM_IPA)
                .must("RMI_REALM_ACTIVATE", BareRealm.RD);
        assertEquals(0, realm.enter(0));
        long[] operands = legal(function);
        spoil(condition.equals("success") ? "" : stimulus, operands);
        long outcome = realm.call(function, operands);
        long x0 = realm.out("x0");
        if (outcome == EXIT_PENDING) {
            realm.must("REC.LEAVE", BareRealm.REC, 1);
            assertEquals(0, realm.enter(0));
            x0 = realm.out("x0");
        }
        assertEquals(status, STATUSES.get((int) x0));
    }

    private static long[] legal(String function) {
        return switch (function) {
            case "RSI_IPA_STATE_SET" -> new long[] {BareRealm.REC, RAM_IPA, RAM_IPA + AcsMachine.PAGE, RAM, 0};
            case "RSI_IPA_STATE_GET" -> new long[] {BareRealm.REC, RAM_IPA, RAM_IPA + AcsMachine.PAGE};
            case "RSI_MEASUREMENT_READ", "RSI_MEASUREMENT_EXTEND" -> new long[] {BareRealm.REC, 4, 64};
            default -> new long[] {BareRealm.REC, RAM_IPA};
        };
    }

    private static void spoil(String stimulus, long[] operands) {
        switch (stimulus) {
            case "" -> {
                // The legal call.
            }
            case "BASE_UNALIGNED", "ADDR_UNALIGNED" -> operands[1] += 8;
            case "TOP_UNALLIGNED", "TOP_UNALIGNED" -> operands[2] += 8;
            case "SIZE_INVALID" -> operands[2] = operands[1];
            case "REGION_UNPROTECTED" -> operands[2] = HALF + AcsMachine.PAGE;
            case "RIPAS_INVALID" -> operands[3] = 2;
            case "ADDR_UNPROTECTED" -> operands[1] += HALF;
            case "INDEX_BOUND", "INDEX_UPPER_BOUND" -> operands[1] = 5;
            case "INDEX_LOWER_BOUND" -> operands[1] = 0;
            case "SIZE_BOUND" -> operands[2] = 65;
            default -> throw new AssertionError("no such stimulus: " + stimulus);
        }
    }
}
