package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a power call of a realm comes to: the host finds the target and may refuse, and what is true already it cannot deny.
class PowerCallsTest {
    private static final long RD = BareRealm.RD;
    private static final long REC = BareRealm.REC;
    private static final long RUN = BareRealm.RUN;
    private static final long SECOND = BareRealm.BASE + 0x2_d000;
    private static final long SECOND_RUN = BareRealm.BASE + 0x2_e000;
    private static final long AUX = BareRealm.BASE + 0x3_0000;
    private static final long SUCCESS = 0;
    private static final long ERROR_INPUT = 1;
    private static final long ERROR_REC = 3;
    private static final long DENIED = -3;
    private static final long ALREADY_ON = -4;
    private static final long EXIT_PENDING = 5;
    private static final long EXIT_DONE = 6;

    /// A realm whose first REC runs and whose second is switched on or off.
    private static BareRealm open(boolean isOn) {
        BareRealm realm = new BareRealm("1.0").realm().rec().rec(RD, SECOND, AUX, 1, isOn ? 1 : 0)
                .tables(0, BareRealm.L2, BareRealm.L3, 3).must("RMI_RTT_INIT_RIPAS", RD, 0, BareRealm.PAGE)
                .delegate(BareRealm.DATA).must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0)
                .must("RMI_REALM_ACTIVATE", RD);
        assertEquals(SUCCESS, realm.enter(0));
        return realm;
    }

    private static long resultOf(BareRealm realm) {
        assertEquals(SUCCESS, realm.enter(0));
        return realm.out("x0");
    }

    private static void ask(BareRealm realm, String function, long... arguments) {
        long[] all = new long[arguments.length + 1];
        all[0] = REC;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        assertEquals(EXIT_PENDING, realm.call(function, all));
        realm.must("REC.LEAVE", REC, 1);
    }

    @ParameterizedTest
    @CsvSource({"false,0,0,0", "false,-3,0,-3", "true,0,0,-4", "true,-3,1,0"})
    void shouldSwitchOnUnlessTheHostRefusesOrTheTargetIsOn(boolean isOn, long status, long x0, long result) {
        BareRealm realm = open(isOn);
        ask(realm, "PSCI_CPU_ON", 1, 0, 0xbeef);
        assertEquals(x0, realm.call("RMI_PSCI_COMPLETE", REC, SECOND, status));
        if (x0 != SUCCESS) {
            assertEquals(ERROR_REC, realm.enter(0), "the call is pending still");
            return;
        }
        assertEquals(result, resultOf(realm));
        realm.must("REC.LEAVE", REC, 1);
        boolean canRun = isOn || result == SUCCESS;
        assertEquals(canRun ? SUCCESS : ERROR_REC, realm.call("REC.ENTER", SECOND, SECOND_RUN));
    }

    @ParameterizedTest
    @CsvSource({"false,0,0,1", "true,0,0,0", "false,-3,1,0", "true,-3,1,0"})
    void shouldTellWhetherTheTargetIsOnWhateverTheHostWants(boolean isOn, long status, long x0, long result) {
        BareRealm realm = open(isOn);
        ask(realm, "PSCI_AFFINITY_INFO", 1, 0);
        assertEquals(x0, realm.call("RMI_PSCI_COMPLETE", REC, SECOND, status));
        if (x0 == SUCCESS) {
            assertEquals(result, resultOf(realm));
        }
    }

    @Test
    void shouldKnowThatARunningTargetIsOn() {
        BareRealm realm = open(true);
        ask(realm, "PSCI_CPU_ON", 1, 0, 0);
        realm.must("REC.ENTER", SECOND, SECOND_RUN);
        assertEquals(ERROR_INPUT, realm.call("RMI_PSCI_COMPLETE", REC, SECOND, DENIED));
        realm.must("RMI_PSCI_COMPLETE", REC, SECOND, SUCCESS);
        assertEquals(ALREADY_ON, resultOf(realm));
    }

    @Test
    void shouldSwitchARecOnAgainThatHasSwitchedItselfOff() {
        BareRealm realm = open(true);
        realm.must("REC.ENTER", SECOND, SECOND_RUN);
        assertEquals(EXIT_DONE, realm.call("PSCI_CPU_OFF", SECOND));
        realm.must("REC.LEAVE", SECOND, 1);
        assertEquals(ERROR_REC, realm.call("REC.ENTER", SECOND, SECOND_RUN));
        ask(realm, "PSCI_CPU_ON", 1, 0, 0);
        realm.must("RMI_PSCI_COMPLETE", REC, SECOND, SUCCESS).must("REC.ENTER", SECOND, SECOND_RUN);
    }

    @Test
    void shouldEndASuspensionAtTheNextEntry() {
        BareRealm realm = open(false);
        ask(realm, "PSCI_CPU_SUSPEND", 0, 0, 0);
        assertEquals(SUCCESS, resultOf(realm));
        assertEquals(8, realm.out("event"), "an SMC has ended");
    }

    @ParameterizedTest
    @CsvSource({"PSCI_VERSION,0,0x10001", "PSCI_FEATURES,0xc4000003,0", "PSCI_FEATURES,0xc4000999,-1",
            "PSCI_AFFINITY_INFO,0,0", "PSCI_AFFINITY_INFO,9,-2"})
    void shouldAnswerAtOnceWhatNeedsNoHost(String function, String argument, String result) {
        BareRealm realm = open(false);
        assertEquals(SUCCESS, realm.call(function, REC, Long.decode(argument), 0));
        assertEquals(Long.decode(result), realm.out("x0"));
    }

    @Test
    void shouldShowNothingOfAnEarlierExitInTheNext() {
        BareRealm realm = open(false);
        ask(realm, "PSCI_CPU_ON", 1, 0, 0);
        realm.must("RMI_PSCI_COMPLETE", REC, SECOND, SUCCESS);
        assertEquals(SUCCESS, realm.enter(0));
        assertEquals(EXIT_DONE, realm.call("REALM.WFI", REC));
        realm.must("REC.LEAVE", REC, 1).must("STATE.EXIT", RUN);
        assertEquals(0, realm.out("gpr0"));
        assertEquals(0, realm.out("gpr1"));
    }
}
