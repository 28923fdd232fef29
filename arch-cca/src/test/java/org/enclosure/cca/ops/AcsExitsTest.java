package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The scenarios of Arm's compliance suite for RMM 1.0 on exits and measurements, by their names.
class AcsExitsTest {
    private static final long PAGE = BareRealm.PAGE;
    private static final long HALF = BareRealm.HALF;
    private static final long RD = BareRealm.RD;
    private static final long REC = BareRealm.REC;
    private static final long RUN = BareRealm.RUN;
    private static final long EMULATED_MMIO = 1;
    private static final long INJECT_SEA = 2;
    private static final long TRAP_WFI = 4;
    private static final long ENTRY_GPRS = 0x200;
    private static final long DONE = 0;
    private static final long ABORTED = 1;
    private static final long EXIT_AGAIN = 2;
    private static final long UNDEFINED = 4;
    private static final long EXIT_PENDING = 5;
    private static final long EXIT_DONE = 6;
    private static final long EMULATED = 7;
    private static final int REGISTERS = 31;

    /// A new realm whose page at IPA 0 is RAM and there, and at 0x1000 RAM and missing.
    private static BareRealm open() {
        return new BareRealm("1.0").realm().rec().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .must("RMI_RTT_INIT_RIPAS", RD, 0, 2 * PAGE).delegate(BareRealm.DATA)
                .must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0);
    }

    private static BareRealm entered() {
        BareRealm realm = open().must("RMI_REALM_ACTIVATE", RD);
        assertEquals(DONE, realm.enter(0));
        return realm;
    }

    private static BareRealm left(BareRealm realm) {
        return realm.must("REC.LEAVE", REC, 1).must("STATE.EXIT", RUN);
    }

    @Test
    @DisplayName("exception_emulatable_da")
    void shouldTakeTheHostsAnswerToAnAbortOfItsOwnMemory() {
        BareRealm realm = entered();
        assertEquals(EXIT_AGAIN, realm.call("REALM.LD", REC, HALF));
        left(realm).must("PARAMS.RUN", EMULATED_MMIO, 0x1234).must("HOST.WRITE", RUN).must("REC.ENTER", REC, RUN);
        assertEquals(EMULATED, realm.out("event"));
        assertEquals(0x1234, realm.out("value"));
        assertEquals(EXIT_AGAIN, realm.call("REALM.LD", REC, HALF));
        left(realm);
        assertEquals(DONE, realm.enter(INJECT_SEA));
        assertEquals(ABORTED, realm.out("event"));
        assertEquals(HALF, realm.out("far"));
    }

    @ParameterizedTest(name = "exception_non_emulatable_da {0} {1} of a {2} page")
    @CsvSource({"REALM.LD,0x1000,missing", "REALM.ST,0x1000,missing", "REALM.LD,0x0,destroyed",
            "REALM.ST,0x0,destroyed"})
    @DisplayName("exception_non_emulatable_da")
    void shouldShowTheHostNoMoreOfAnAbortThanItsPage(String action, String ipa, String kind) {
        BareRealm realm = entered();
        if (kind.equals("destroyed")) {
            realm.must("RMI_DATA_DESTROY", RD, 0);
        }
        long at = Long.decode(ipa);
        boolean isStore = action.equals("REALM.ST");
        assertEquals(EXIT_AGAIN, isStore ? realm.call(action, REC, at + 8, 0x5ec2e7) : realm.call(action, REC, at + 8));
        left(realm);
        assertEquals(0x9000_0007L, realm.out("esr"));
        assertEquals(0, realm.out("far"));
        assertEquals(at >>> 8, realm.out("hpfar"));
        for (int i = 0; i < REGISTERS; i++) {
            assertEquals(0, realm.out("gpr" + i), "gpr" + i);
        }
        assertEquals(3, realm.enter(EMULATED_MMIO), "ERROR_REC");
    }

    @ParameterizedTest(name = "exception_rec_exit_ia of a {0} page")
    @ValueSource(strings = {"missing", "destroyed"})
    @DisplayName("exception_rec_exit_ia")
    void shouldShowTheHostNoMoreOfAFetchThanItsPage(String kind) {
        BareRealm realm = entered();
        long ipa = kind.equals("missing") ? PAGE : 0;
        if (ipa == 0) {
            realm.must("RMI_DATA_DESTROY", RD, 0);
        }
        assertEquals(EXIT_AGAIN, realm.call("REALM.IF", REC, ipa + 4));
        left(realm);
        assertEquals(0x8000_0007L, realm.out("esr"));
        assertEquals(0, realm.out("far"));
        assertEquals(ipa >>> 8, realm.out("hpfar"));
    }

    @ParameterizedTest(name = "exception_rec_exit_ripas to {0}")
    @ValueSource(longs = {0, 1})
    @DisplayName("exception_rec_exit_ripas")
    void shouldTellTheHostWhatTheRealmAsksFor(long ripas) {
        BareRealm realm = entered();
        assertEquals(EXIT_PENDING, realm.call("RSI_IPA_STATE_SET", REC, PAGE, 3 * PAGE, ripas, 0));
        left(realm);
        assertEquals(4, realm.out("reason"));
        assertEquals(PAGE, realm.out("ripas_base"));
        assertEquals(3 * PAGE, realm.out("ripas_top"));
        assertEquals(ripas, realm.out("ripas_value"));
    }

    @Test
    @DisplayName("exception_rec_exit_hostcall")
    void shouldCarryAllRegistersOfAHostCallBothWays() {
        BareRealm realm = entered();
        assertEquals(DONE, realm.call("REALM.ST", REC, 0, 0x77));
        for (int i = 0; i < REGISTERS; i++) {
            assertEquals(DONE, realm.call("REALM.ST", REC, 8 + 8 * i, 100 + i));
        }
        assertEquals(EXIT_PENDING, realm.call("RSI_HOST_CALL", REC, 0));
        left(realm);
        assertEquals(5, realm.out("reason"));
        assertEquals(0x77, realm.out("imm"));
        for (int i = 0; i < REGISTERS; i++) {
            assertEquals(100 + i, realm.out("gpr" + i));
        }
        realm.must("PARAMS.RUN", 0).must("HOST.WRITE", RUN);
        for (int i = 0; i < REGISTERS; i++) {
            realm.must("HOST.WRITE64", RUN + ENTRY_GPRS + 8L * i, 200 + i);
        }
        realm.must("REC.ENTER", REC, RUN);
        for (int i = 0; i < REGISTERS; i++) {
            assertEquals(DONE, realm.call("REALM.LD", REC, 8 + 8 * i));
            assertEquals(200 + i, realm.out("value"));
        }
    }

    @Test
    @DisplayName("exception_rec_exit_hvc")
    void shouldNotKnowHypervisorCalls() {
        assertEquals(UNDEFINED, entered().call("REALM.HVC", REC));
    }

    @Test
    @DisplayName("exception_realm_unsupported_smc")
    void shouldAnswerACallThatThereIsNot() {
        BareRealm realm = entered();
        assertEquals(DONE, realm.call("REALM.RSI", REC, 0xc400_01aaL));
        assertEquals(-1, realm.out("x0"));
    }

    @Test
    @DisplayName("exception_rec_exit_wfi")
    void shouldLeaveWithoutRegistersToWait() {
        BareRealm realm = open().must("RMI_REALM_ACTIVATE", RD);
        assertEquals(DONE, realm.enter(TRAP_WFI));
        assertEquals(EXIT_DONE, realm.call("REALM.WFI", REC));
        left(realm);
        assertEquals(0, realm.out("reason"));
        assertEquals(1, realm.out("esr") >>> 26);
        assertEquals(0, realm.out("gpr0"));
    }

    @Test
    @DisplayName("exception_rec_exit_irq")
    void shouldLeaveForAnInterruptWithoutASyndrome() {
        BareRealm realm = left(entered());
        assertEquals(1, realm.out("reason"));
        assertEquals(0, realm.out("esr"));
    }

    @Test
    @DisplayName("exception_rec_exit_psci")
    void shouldShowTheHostThePowerCall() {
        BareRealm realm = open().rec(RD, BareRealm.BASE + 0x2_d000, BareRealm.BASE + 0x3_0000, 1, 0)
                .must("RMI_REALM_ACTIVATE", RD);
        assertEquals(DONE, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("PSCI_AFFINITY_INFO", REC, 1, 0));
        left(realm);
        assertEquals(3, realm.out("reason"));
        assertEquals(0xc400_0004L, realm.out("gpr0"));
        assertEquals(1, realm.out("gpr1"));
        assertEquals(0, realm.out("gpr2"));
        realm.must("RMI_PSCI_COMPLETE", REC, BareRealm.BASE + 0x2_d000, 0);
        assertEquals(DONE, realm.enter(0));
        assertEquals(1, realm.out("x0"), "the other REC is off");
    }

    @Test
    @DisplayName("measurement_immutable_rim")
    void shouldKeepTheInitialMeasurementWhilePagesComeAndGo() {
        BareRealm realm = open().must("RMI_REALM_ACTIVATE", RD);
        byte[] before = measurement(realm, 0);
        realm.must("RMI_DATA_DESTROY", RD, 0).must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, PAGE);
        assertArrayEquals(before, measurement(realm, 0));
    }

    @Test
    @DisplayName("measurement_rim_order")
    void shouldMeasureTheOrderOfSteps() {
        byte[] first = measurement(ordered(PAGE, 0), 0);
        assertFalse(Arrays.equals(first, measurement(ordered(0, PAGE), 0)));
    }

    @Test
    @DisplayName("measurement_initial_rem_is_zero")
    void shouldStartWithMeasurementsOfZero() {
        BareRealm realm = entered();
        for (int slot = 1; slot <= 4; slot++) {
            assertArrayEquals(new byte[32], measurement(realm, slot));
        }
    }

    @Test
    @DisplayName("attestation_rem_extend_check")
    void shouldChangeAMeasurementThatTheRealmExtends() {
        BareRealm realm = entered();
        assertEquals(DONE, realm.call("RSI_MEASUREMENT_EXTEND", REC, 2, 8, 0x5ec2e7));
        assertFalse(Arrays.equals(new byte[32], measurement(realm, 2)));
        assertArrayEquals(new byte[32], measurement(realm, 1));
    }

    private static byte[] measurement(BareRealm realm, int slot) {
        return realm.must("STATE.MEASUREMENT", RD, slot).outBytes();
    }

    private static BareRealm ordered(long first, long second) {
        return new BareRealm("1.0").realm().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .must("RMI_RTT_INIT_RIPAS", RD, first, first + PAGE)
                .must("RMI_RTT_INIT_RIPAS", RD, second, second + PAGE);
    }
}
