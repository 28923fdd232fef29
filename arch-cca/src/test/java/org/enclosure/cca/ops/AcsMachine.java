package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/// The machine of the compliance suite's cases, and what makes a granule operand illegal.
final class AcsMachine {
    static final long HALF = 1L << 47;
    static final long L1 = BareRealm.SPARE;
    static final long L2 = BareRealm.L2;
    static final long L3 = BareRealm.L3;
    static final long FOLDABLE = BareRealm.BASE + 0x2_8000;
    static final long NS_L1 = BareRealm.BASE + 0x2_9000;
    static final long FREE = BareRealm.BASE + 0x2_a000;
    static final long OTHER_RD = BareRealm.BASE + 0x2_b000;
    static final long OTHER_ROOT = BareRealm.BASE + 0x2_c000;
    static final long HOST = BareRealm.HOST;
    static final long NO_RAM = 0x1000_0000L;
    static final long BEYOND = 1L << 52;
    static final long PAGE = BareRealm.PAGE;
    static final long SIZE_2M = BareRealm.SIZE_2M;
    static final long UNMAPPED = SIZE_2M;
    static final long FOLDABLE_IPA = 2 * SIZE_2M;
    static final long BLOCK_IPA = 3 * SIZE_2M;
    /// Flag of REC parameters.
    static final long RUNNABLE = 1;
    private static final List<String> STATUSES = List.of("RMI_SUCCESS", "RMI_ERROR_INPUT", "RMI_ERROR_REALM",
            "RMI_ERROR_REC", "RMI_ERROR_RTT");

    private AcsMachine() {
    }

    /// The name of a status with its index.
    static String status(long x0) {
        return STATUSES.get((int) (x0 & 0xff)) + " " + (x0 >>> 8);
    }

    /// A realm of 48 bits: IPA 0x1000 has a page, 0x2000 none, 2M no table, 4M a table of equal entries; the unprotected half
    /// likewise.
    static BareRealm open(String rmm) {
        BareRealm realm = new BareRealm(rmm);
        realm.delegate(BareRealm.RD, BareRealm.ROOT, OTHER_RD, OTHER_ROOT, FREE, L1, L2, L3, FOLDABLE, NS_L1,
                BareRealm.NS_L2, BareRealm.NS_L3, BareRealm.DATA);
        assertEquals(0, realm.createRealm(BareRealm.RD, 0, 48, 0, BareRealm.ROOT, 0, 1, 1));
        assertEquals(0, realm.createRealm(OTHER_RD, 0, 48, 0, OTHER_ROOT, 0, 1, 2));
        realm.rec().must("RMI_RTT_CREATE", BareRealm.RD, L1, 0, 1).must("RMI_RTT_CREATE", BareRealm.RD, L2, 0, 2)
                .must("RMI_RTT_CREATE", BareRealm.RD, L3, 0, 3)
                .must("RMI_RTT_CREATE", BareRealm.RD, FOLDABLE, FOLDABLE_IPA, 3)
                .must("RMI_RTT_CREATE", BareRealm.RD, NS_L1, HALF, 1)
                .must("RMI_RTT_CREATE", BareRealm.RD, BareRealm.NS_L2, HALF, 2)
                .must("RMI_RTT_CREATE", BareRealm.RD, BareRealm.NS_L3, HALF, 3)
                .must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, BareRealm.DATA, PAGE)
                .must("RMI_RTT_MAP_UNPROTECTED", BareRealm.RD, HALF + PAGE, 3, HOST | 0xd8);
        return realm;
    }

    /// The realm runs and switches itself off.
    static void switchOff(BareRealm realm) {
        realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
        assertEquals(0, realm.enter(0));
        assertEquals(6, realm.call("PSCI_SYSTEM_OFF", BareRealm.REC), "EXIT_DONE");
        realm.must("REC.LEAVE", BareRealm.REC, 1);
    }

    /// Makes an operand that is a granule illegal: whether that is what the words say.
    static boolean spoilGranule(BareRealm realm, String how, int operand, long[] operands) {
        switch (how.replace("GRAN_STATE_", "").replace("STATE_", "")) {
            case "UNALIGNED" -> operands[operand] += 8;
            case "DEV_MEM", "DEV_MEM_MMIO" -> operands[operand] = NO_RAM;
            case "OUTSIDE_OF_PERMITTED_PA", "OUTSIDE_PERMITTED_PA", "OUT_OF_PERMITTED_PA", "OUSIDE_OF_PERMITTED_PA" ->
                operands[operand] = BEYOND;
            case "LPA2_PA" -> operands[operand] |= 1L << 48;
            case "UNDELEGATED" -> operands[operand] = HOST;
            case "DELEGATED" -> operands[operand] = FREE;
            case "RD" -> operands[operand] = BareRealm.RD;
            case "REC" -> operands[operand] = BareRealm.REC;
            case "REC_AUX" -> operands[operand] = BareRealm.AUX;
            case "RTT" -> operands[operand] = L3;
            case "DATA" -> operands[operand] = BareRealm.DATA;
            case "PAS_REALM" -> operands[operand] = FREE;
            case "PAS_SECURE" -> realm.must("EL3.SET_PAS", HOST, 0x8);
            case "OTHER_OWNER" -> operands[0] = OTHER_RD;
            default -> {
                return false;
            }
        }
        return true;
    }
}
