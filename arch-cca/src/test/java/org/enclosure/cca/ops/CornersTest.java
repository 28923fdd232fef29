package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.cca.machine.Rim;
import org.junit.jupiter.api.Test;

/// Rules at the edge of the recorded files: each is written in the sheet, and met there rarely or never.
class CornersTest {
    private static final long RD = BareRealm.RD;
    private static final long REC = BareRealm.REC;
    private static final long PAGE = BareRealm.PAGE;
    private static final long SIZE_1G = 1L << 30;
    private static final long EXIT_PENDING = 5;
    private static final long ERROR_INPUT = 1;

    @Test
    void shouldLookAtTheEntriesOfTheHostBeforeTheLevelWhenItFolds() {
        BareRealm realm = AcsMachine.open("1.0").must("RMI_RTT_UNMAP_UNPROTECTED", RD, AcsMachine.HALF + PAGE, 3)
                .must("RMI_RTT_DESTROY", RD, AcsMachine.HALF, 3).must("RMI_RTT_DESTROY", RD, AcsMachine.HALF, 2);
        for (long i = 0; i < BareRealm.PAGES - 1; i++) {
            realm.must("RMI_RTT_MAP_UNPROTECTED", RD, AcsMachine.HALF + i * SIZE_1G, 1, i * SIZE_1G | 0xd8);
        }
        assertEquals(0x104, realm.call("RMI_RTT_FOLD", RD, AcsMachine.HALF, 1), "one entry is not mapped");
        long last = BareRealm.PAGES - 1;
        realm.must("RMI_RTT_MAP_UNPROTECTED", RD, AcsMachine.HALF + last * SIZE_1G, 1, last * SIZE_1G | 0xd8);
        assertEquals(0x4, realm.call("RMI_RTT_FOLD", RD, AcsMachine.HALF, 1), "there are no blocks of level 0");
    }

    @Test
    void shouldEndAHostCallWithAnErrorWhenAnotherRecMadeItsBlockEmpty() {
        long second = BareRealm.BASE + 0x2_d000;
        BareRealm realm = new BareRealm("1.0").realm().rec().rec(RD, second, BareRealm.BASE + 0x3_0000, 1, 1)
                .tables(0, BareRealm.L2, BareRealm.L3, 3).must("RMI_RTT_INIT_RIPAS", RD, 0, PAGE)
                .delegate(BareRealm.DATA).must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0)
                .must("RMI_REALM_ACTIVATE", RD);
        assertEquals(0, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("RSI_HOST_CALL", REC, 0));
        realm.must("REC.LEAVE", REC, 1).must("REC.ENTER", second, BareRealm.RUN);
        assertEquals(EXIT_PENDING, realm.call("RSI_IPA_STATE_SET", second, 0, PAGE, 0, 0));
        realm.must("REC.LEAVE", second, 1).must("RMI_RTT_SET_RIPAS", RD, second, 0, PAGE);
        assertEquals(0, realm.enter(0));
        assertEquals(1, realm.out("running"));
        assertEquals(ERROR_INPUT, realm.out("x0"));
    }

    @Test
    void shouldLeaveAgainAtOnceWhileTheBlockOfAHostCallIsMissing() {
        BareRealm realm = new BareRealm("1.0").realm().rec().tables(0, BareRealm.L2, BareRealm.L3, 3)
                .must("RMI_RTT_INIT_RIPAS", RD, 0, PAGE).delegate(BareRealm.DATA)
                .must("RMI_DATA_CREATE_UNKNOWN", RD, BareRealm.DATA, 0).must("RMI_REALM_ACTIVATE", RD);
        assertEquals(0, realm.enter(0));
        assertEquals(EXIT_PENDING, realm.call("RSI_HOST_CALL", REC, 0));
        realm.must("REC.LEAVE", REC, 1).must("RMI_DATA_DESTROY", RD, 0);
        assertEquals(0, realm.enter(0));
        assertEquals(0, realm.out("running"));
        realm.must("STATE.EXIT", BareRealm.RUN);
        assertEquals(0, realm.out("reason"));
        assertEquals(0x9000_0007L, realm.out("esr"));
    }

    @Test
    void shouldMeasureUnusedParametersInTheirWholeWidth() {
        BareRealm realm = new BareRealm("1.0").delegate(RD, BareRealm.ROOT);
        realm.must("PARAMS.REALM", 0, 33, 0x1234, 1, 1, 0x5678, 0, 0, 1, BareRealm.ROOT, 1, 1)
                .must("HOST.WRITE", BareRealm.PARAMS).must("RMI_REALM_CREATE", RD, BareRealm.PARAMS);
        Rim rim = new Rim(0);
        rim.realm(0, 33, 0x1234, 1, 1, 0x5678, 0);
        Rim narrow = new Rim(0);
        narrow.realm(0, 33, 0x34, 1, 1, 0x78, 0);
        byte[] measured = java.util.Arrays.copyOf(realm.must("STATE.MEASUREMENT", RD, 0).outBytes(), Rim.BYTES);
        assertArrayEquals(rim.value(), measured);
        assertEquals(false, java.util.Arrays.equals(narrow.value(), measured));
    }
}
