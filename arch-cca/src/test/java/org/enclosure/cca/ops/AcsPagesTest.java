package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The memory scenarios of Arm's compliance suite for RMM 1.0, by their names: RIPAS changes, accesses by state, the edge
/// between the halves, and granule protection.
class AcsPagesTest {
    private static final long PAGE = BareRealm.PAGE;
    private static final long HALF = BareRealm.HALF;
    private static final long LAST_L2 = BareRealm.BASE + 0x2_8000;
    private static final long LAST_L3 = BareRealm.BASE + 0x2_9000;
    private static final long EMPTY = 0;
    private static final long DONE = 0;
    private static final long ABORTED = 1;
    private static final long EXIT_AGAIN = 2;
    private static final long EXIT_PENDING = 5;
    private static final long GPF = 1;
    private static final long ISV = 1 << 24;
    private static final long EC_SHIFT = 26;
    private static final long DATA_ABORT = 0x24;
    private static final long INSTRUCTION_ABORT = 0x20;

    /// A realm with tables for the first pages of both halves.
    private static BareRealm open() {
        return new BareRealm("1.0").realm().rec().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .tables(HALF, BareRealm.NS_L2, BareRealm.NS_L3, 3);
    }

    private static BareRealm active(BareRealm realm) {
        return realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
    }

    /// The page at IPA 0 is assigned and RAM.
    private static BareRealm withPage() {
        return open().must("RMI_RTT_INIT_RIPAS", BareRealm.RD, 0, PAGE).delegate(BareRealm.DATA)
                .must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, BareRealm.DATA, 0);
    }

    /// The realm asks for 12K of RAM to become EMPTY, and the host changes what lies below `top`.
    private static BareRealm shrink(long top) {
        BareRealm realm = active(open().must("RMI_RTT_INIT_RIPAS", BareRealm.RD, 0, 3 * PAGE));
        assertEquals(DONE, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("RSI_IPA_STATE_SET", BareRealm.REC, 0, 3 * PAGE, EMPTY, 0));
        realm.must("REC.LEAVE", BareRealm.REC, 1);
        if (top > 0) {
            realm.must("RMI_RTT_SET_RIPAS", BareRealm.RD, BareRealm.REC, 0, top);
        }
        assertEquals(DONE, realm.enter(0));
        assertEquals(0, realm.out("x0"));
        return realm;
    }

    @Test
    @DisplayName("mm_ripas_change")
    void shouldTellTheRealmThatAllWasChanged() {
        assertEquals(3 * PAGE, shrink(3 * PAGE).out("x1"));
    }

    @Test
    @DisplayName("mm_ripas_change_partial")
    void shouldTellTheRealmHowFarTheHostCame() {
        assertEquals(PAGE, shrink(PAGE).out("x1"));
    }

    @Test
    @DisplayName("mm_ripas_change_reject")
    void shouldTellTheRealmThatNothingWasChanged() {
        assertEquals(0, shrink(0).out("x1"));
    }

    @Test
    @DisplayName("mm_hipas_unassigned_ripas_empty_da_ia")
    void shouldAbortAccessesWhereThereIsNoMemory() {
        assertEquals(List.of(ABORTED, ABORTED, ABORTED), accesses(active(open()), 0));
    }

    @Test
    @DisplayName("mm_hipas_assigned_ripas_empty_da_ia")
    void shouldAbortAccessesToAPageThatTheRealmDoesNotHave() {
        BareRealm realm = open().delegate(BareRealm.DATA).must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD,
                BareRealm.DATA, 0);
        assertEquals(List.of(ABORTED, ABORTED, ABORTED), accesses(active(realm), 0));
    }

    @Test
    @DisplayName("mm_hipas_unassigned_ripas_ram_da_ia")
    void shouldAskTheHostForAMissingPage() {
        BareRealm realm = active(open().must("RMI_RTT_INIT_RIPAS", BareRealm.RD, 0, PAGE));
        assertExits(realm, "REALM.LD", 0, DATA_ABORT, false);
        assertExits(realm, "REALM.ST", 0, DATA_ABORT, false);
        assertExits(realm, "REALM.IF", 0, INSTRUCTION_ABORT, false);
    }

    @Test
    @DisplayName("mm_ripas_destroyed_da")
    void shouldLeaveForTheHostAtDataThatItTookAway() {
        BareRealm realm = active(withPage()).must("RMI_DATA_DESTROY", BareRealm.RD, 0);
        assertExits(realm, "REALM.LD", 0, DATA_ABORT, false);
        assertExits(realm, "REALM.ST", 0, DATA_ABORT, false);
    }

    @Test
    @DisplayName("mm_ripas_destroyed_ia")
    void shouldLeaveForTheHostAtCodeThatItTookAway() {
        BareRealm realm = active(withPage()).must("RMI_DATA_DESTROY", BareRealm.RD, 0);
        assertExits(realm, "REALM.IF", 0, INSTRUCTION_ABORT, false);
    }

    @Test
    @DisplayName("mm_hipas_unassigned_ns_da_ia")
    void shouldLetTheHostEmulateDataButNotCodeOfItsOwn() {
        BareRealm realm = active(open());
        assertExits(realm, "REALM.LD", HALF, DATA_ABORT, true);
        assertExits(realm, "REALM.ST", HALF, DATA_ABORT, true);
        assertEquals(ABORTED, realm.call("REALM.IF", BareRealm.REC, enter(realm, HALF)));
    }

    @Test
    @DisplayName("mm_protected_ipa_boundary")
    void shouldLeaveForTheMissingProtectedPageUnderAnAccessAcrossTheHalves() {
        BareRealm realm = active(lastPage().must("RMI_RTT_MAP_UNPROTECTED", BareRealm.RD, HALF, 3,
                BareRealm.HOST | 0xd8));
        assertExits(realm, "REALM.LD", HALF - 4, DATA_ABORT, false);
    }

    @Test
    @DisplayName("mm_unprotected_ipa_boundary")
    void shouldLeaveForTheMissingUnprotectedPageUnderAnAccessAcrossTheHalves() {
        BareRealm realm = active(lastPage().delegate(BareRealm.DATA).must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD,
                BareRealm.DATA, HALF - PAGE));
        assertExits(realm, "REALM.LD", HALF - 4, DATA_ABORT, true);
        assertEquals(HALF >>> 8, realm.out("hpfar"));
    }

    @Test
    @DisplayName("mm_gpf_exception")
    void shouldFaultAtAHostsStoreToARealmsPage() {
        BareRealm realm = active(withPage());
        assertEquals(GPF, realm.call("HOST.WRITE64", BareRealm.DATA, 1));
        assertEquals(0, BareRealm.word(BareRealm.DATA));
    }

    /// The last page of the protected half is RAM that nobody has brought yet.
    private static BareRealm lastPage() {
        return open().tables(HALF - PAGE & -(1L << 30), LAST_L2, LAST_L3, 2).delegate(LAST_L3)
                .must("RMI_RTT_CREATE", BareRealm.RD, LAST_L3, HALF - BareRealm.SIZE_2M, 3)
                .must("RMI_RTT_INIT_RIPAS", BareRealm.RD, HALF - PAGE, HALF);
    }

    /// Outcomes of a load, a store and a fetch of a REC that keeps running.
    private static List<Long> accesses(BareRealm realm, long ipa) {
        enter(realm, ipa);
        return List.of(realm.call("REALM.LD", BareRealm.REC, ipa), realm.call("REALM.ST", BareRealm.REC, ipa, 1),
                realm.call("REALM.IF", BareRealm.REC, ipa));
    }

    private static long enter(BareRealm realm, long ipa) {
        assertEquals(DONE, realm.enter(0));
        return ipa;
    }

    /// An access makes the REC leave with an abort that the host can emulate, or not.
    private static void assertExits(BareRealm realm, String action, long ipa, long exceptionClass,
            boolean canBeEmulated) {
        enter(realm, ipa);
        assertEquals(EXIT_AGAIN, realm.call(action, BareRealm.REC, ipa));
        realm.must("REC.LEAVE", BareRealm.REC, 1).must("STATE.EXIT", BareRealm.RUN);
        assertEquals(0, realm.out("reason"));
        assertEquals(exceptionClass, realm.out("esr") >>> EC_SHIFT);
        assertEquals(canBeEmulated, (realm.out("esr") & ISV) != 0);
    }
}
