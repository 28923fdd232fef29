package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/// What RMM 1.1 changed in the commands of 1.0, each beside what 1.0 does.
class LaterVersionTest {
    private static final long PAGE = BareRealm.PAGE;
    private static final long RD = BareRealm.RD;
    private static final long REC = BareRealm.REC;
    private static final long ERROR_INPUT = 1;
    private static final long ERROR_RTT_3 = 0x304;
    private static final long EXIT_PENDING = 5;
    private static final long ROOTS = BareRealm.BASE + 0x3_0000;

    /// An active realm whose page at IPA 0 is DESTROYED.
    private static BareRealm destroyed(String rmm) {
        return new BareRealm(rmm).realm().rec().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .must("RMI_RTT_INIT_RIPAS", RD, 0, 3 * PAGE).delegate(BareRealm.DATA)
                .must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0).must("RMI_DATA_DESTROY", RD, 0)
                .must("RMI_REALM_ACTIVATE", RD);
    }

    private static void ask(BareRealm realm, long base, long top, long ripas) {
        assertEquals(0, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("RSI_IPA_STATE_SET", REC, base, top, ripas, 0));
        realm.must("REC.LEAVE", REC, 1);
    }

    @ParameterizedTest
    @CsvSource({"1.0,0x304", "1.1,0x0"})
    void shouldMakeDestroyedMemoryEmptyWithoutBeingAskedTo(String rmm, String x0) {
        BareRealm realm = destroyed(rmm);
        ask(realm, 0, PAGE, 0);
        assertEquals(Long.decode(x0), realm.call("RMI_RTT_SET_RIPAS", RD, REC, 0, PAGE));
        realm.must("RMI_RTT_READ_ENTRY", RD, 0, 3);
        assertEquals(rmm.equals("1.1") ? 0 : 2, realm.out("x4"));
    }

    @ParameterizedTest
    @CsvSource({"1.0", "1.1"})
    void shouldMakeDestroyedMemoryRamInNoVersionWithoutBeingAskedTo(String rmm) {
        BareRealm realm = destroyed(rmm);
        ask(realm, 0, PAGE, 1);
        assertEquals(ERROR_RTT_3, realm.call("RMI_RTT_SET_RIPAS", RD, REC, 0, PAGE));
    }

    @ParameterizedTest
    @CsvSource({"1.0,false", "1.1,true"})
    void shouldShowTheAddressOfADestroyedPage(String rmm, boolean isShown) {
        BareRealm realm = destroyed(rmm).must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0)
                .must("RMI_RTT_READ_ENTRY", RD, 0, 3);
        assertEquals(1, realm.out("x2"));
        assertEquals(2, realm.out("x4"));
        assertEquals(isShown ? BareRealm.DATA : 0, realm.out("x3"));
    }

    @ParameterizedTest
    @CsvSource({"1.0,0x0,0", "1.0,0x1000,0", "1.1,0x0,0", "1.1,0x1000,1"})
    void shouldAlignStartTablesToTheirTotalSize(String rmm, String offset, long x0) {
        BareRealm realm = new BareRealm(rmm).delegate(RD);
        for (int i = 0; i <= 16; i++) {
            realm.delegate(ROOTS + i * PAGE);
        }
        assertEquals(x0, realm.createRealm(RD, 0, 34, 0, ROOTS + Long.decode(offset), 2, 16, 1));
    }

    @ParameterizedTest
    @CsvSource({"1.0,0", "1.1,1"})
    void shouldTakeNoTopThatIsNotAPagesEnd(String rmm, long x0) {
        BareRealm realm = destroyed(rmm);
        ask(realm, PAGE, 3 * PAGE, 0);
        assertEquals(x0, realm.call("RMI_RTT_SET_RIPAS", RD, REC, PAGE, 2 * PAGE + 8));
        assertEquals(x0 == ERROR_INPUT ? 0 : 2 * PAGE, realm.out("x1"));
    }

    /// Of the recorded table, only the rows of a request for EMPTY that meets DESTROYED change.
    @ParameterizedTest(name = "{0} at level {1} in a {2} realm: {3}")
    @CsvFileSource(resources = "/rtt-transitions.csv", numLinesToSkip = 1)
    void shouldDoWhat10DidInEveryOtherRow(String state, int level, String phase, String command, String result,
            String outputs, String next, long delta, String note) {
        boolean isLater = state.endsWith("/DESTROYED") && command.startsWith("RSI_IPA_STATE_SET(EMPTY")
                && command.contains("NO_CHANGE") && phase.equals("ACTIVE");
        if (isLater) {
            assertEquals("ERROR_RTT(" + level + ")", result, "what 1.0 answers");
            assertEquals("SUCCESS", RttTransitionsTest.row("1.1", state, level, phase, command).result);
            return;
        }
        RttTransitionsTest.check("1.1", state, level, phase, command, result, outputs, next, delta, note);
    }

    @Test
    void shouldNameTheVersionsThatThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> new BareRealm("2.0")).getMessage();
        assertTrue(message != null && message.contains("option rmm=2.0 is not legal; legal: 1.0, 1.1"), message);
    }
}
