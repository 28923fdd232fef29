package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scenarios of Arm's compliance suite for RMM 1.0 on translation tables, by their names.
class AcsTablesTest {
    private static final long PAGE = BareRealm.PAGE;
    private static final long SIZE_2M = BareRealm.SIZE_2M;
    private static final long SIZE_1G = 1L << 30;
    private static final long HALF = BareRealm.HALF;
    private static final long RD = BareRealm.RD;
    private static final long ATTRIBUTES = 0xd8;
    private static final long UNASSIGNED = 0;
    private static final long ASSIGNED = 1;
    private static final long RAM = 1;
    /// A root of up to 16 tables, aligned to its size.
    private static final long ROOT = BareRealm.BASE + 0x3_0000;

    private static BareRealm open() {
        return new BareRealm("1.0").realm().rec().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .tables(HALF, BareRealm.NS_L2, BareRealm.NS_L3, 3);
    }

    /// Level, state, address and RIPAS of the entry that decides about an IPA.
    private static List<Long> entry(BareRealm realm, long ipa, long level) {
        realm.must("RMI_RTT_READ_ENTRY", RD, ipa, level);
        return List.of(realm.out("x1"), realm.out("x2"), realm.out("x3"), realm.out("x4"));
    }

    @Test
    @DisplayName("mm_rtt_translation_table")
    void shouldSayWhereTheWalkEnded() {
        BareRealm realm = open();
        assertEquals(List.of(3L, UNASSIGNED, 0L, 0L), entry(realm, PAGE, 3));
        assertEquals(List.of(2L, UNASSIGNED, 0L, 0L), entry(realm, SIZE_2M, 3));
    }

    @Test
    @DisplayName("mm_rtt_fold_unassigned")
    void shouldFoldAndUnfoldTablesWithoutPages() {
        BareRealm realm = open().must("RMI_RTT_INIT_RIPAS", RD, 0, SIZE_2M).must("RMI_RTT_FOLD", RD, 0, 3);
        assertEquals(BareRealm.L3, realm.out("x1"));
        assertEquals(List.of(2L, UNASSIGNED, 0L, RAM), entry(realm, 0, 3));
        realm.must("RMI_RTT_CREATE", RD, BareRealm.L3, 0, 3);
        assertEquals(List.of(3L, UNASSIGNED, 0L, RAM), entry(realm, SIZE_2M - PAGE, 3));
        realm.must("RMI_RTT_FOLD", RD, 0, 3).must("RMI_RTT_INIT_RIPAS", RD, SIZE_2M, SIZE_1G)
                .must("RMI_RTT_FOLD", RD, 0, 2);
        assertEquals(BareRealm.L2, realm.out("x1"));
        assertEquals(List.of(1L, UNASSIGNED, 0L, RAM), entry(realm, 0, 3));
    }

    @Test
    @DisplayName("mm_rtt_fold_assigned")
    void shouldFoldAndUnfoldPagesSideBySide() {
        BareRealm realm = open().must("RMI_RTT_INIT_RIPAS", RD, 0, SIZE_2M);
        for (long at = 0; at < SIZE_2M; at += PAGE) {
            realm.delegate(BareRealm.BLOCK + at).must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.BLOCK + at, at);
        }
        realm.must("RMI_RTT_FOLD", RD, 0, 3);
        assertEquals(List.of(2L, ASSIGNED, BareRealm.BLOCK, RAM), entry(realm, 3 * PAGE, 3));
        realm.must("RMI_RTT_CREATE", RD, BareRealm.L3, 0, 3);
        assertEquals(List.of(3L, ASSIGNED, BareRealm.BLOCK + 3 * PAGE, RAM), entry(realm, 3 * PAGE, 3));
    }

    @Test
    @DisplayName("mm_rtt_fold_unassigned_ns")
    void shouldFoldAnEmptyTableOfTheHosts() {
        BareRealm realm = open().must("RMI_RTT_FOLD", RD, HALF, 3);
        assertEquals(BareRealm.NS_L3, realm.out("x1"));
        assertEquals(List.of(2L, UNASSIGNED, 0L, 0L), entry(realm, HALF, 3));
        realm.must("RMI_RTT_MAP_UNPROTECTED", RD, HALF, 2, BareRealm.HOST_BLOCK | ATTRIBUTES);
    }

    @Test
    @DisplayName("mm_rtt_fold_assigned_ns")
    void shouldKeepTheAttributesWhenPagesOfTheHostsAreFolded() {
        BareRealm realm = open();
        for (long at = 0; at < SIZE_2M; at += PAGE) {
            realm.must("RMI_RTT_MAP_UNPROTECTED", RD, HALF + at, 3, BareRealm.HOST_BLOCK + at | ATTRIBUTES);
        }
        realm.must("RMI_RTT_FOLD", RD, HALF, 3);
        assertEquals(List.of(2L, ASSIGNED, BareRealm.HOST_BLOCK | ATTRIBUTES, 0L), entry(realm, HALF, 2));
    }

    @ParameterizedTest(name = "mm_rtt_level_start ({0},{1},{2})")
    @CsvSource({"32,2,4", "34,2,16", "40,1,2", "42,1,8"})
    @DisplayName("mm_rtt_level_start")
    void shouldMapUnderEveryStartLevel(int width, int level, int tables) {
        BareRealm realm = new BareRealm("1.0").delegate(RD);
        for (int i = 0; i < tables; i++) {
            realm.delegate(ROOT + i * PAGE);
        }
        assertEquals(0, realm.createRealm(RD, 0, width, 0, ROOT, level, tables, 1));
        long last = (1L << width - 1) - SIZE_2M;
        if (level == 1) {
            realm.delegate(BareRealm.L2).must("RMI_RTT_CREATE", RD, BareRealm.L2, last & -SIZE_1G, 2);
        }
        realm.delegate(BareRealm.L3, BareRealm.DATA).must("RMI_RTT_CREATE", RD, BareRealm.L3, last, 3)
                .must("RMI_RTT_INIT_RIPAS", RD, last, last + PAGE)
                .must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, last);
        assertEquals(List.of(3L, ASSIGNED, BareRealm.DATA, RAM), entry(realm, last, 3));
        long top = (1L << width) - SIZE_2M;
        realm.must("RMI_RTT_READ_ENTRY", RD, top, 3);
        assertEquals(level, realm.out("x1"), "the host's half has no table yet");
    }
}
