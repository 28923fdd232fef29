package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

/// Random commands, most of them illegal, on one realm: whatever the host does, the granules agree with one another. The seed
/// is printed; `-Denclosure.seed=N` takes it back.
class InvariantsTest {
    private static final int STEPS = 20_000;
    private static final int GRANULES = 24;
    private static final long FIRST = BareRealm.L2;
    private static final long[] IPAS = {0, 0x1000, 0x2000, 0x1f_f000, 0x20_0000, 0x20_1000, 0x4000_0000,
            BareRealm.HALF - 0x1000, BareRealm.HALF, BareRealm.HALF + 0x1000, BareRealm.HALF + 0x20_0000, 0x800, -4096};
    private static final int NS = 0;
    private static final int DELEGATED = 1;
    private static final int DATA = 5;
    private static final int RTT = 6;
    private static final int REALM = 0xb;
    private static final int NON_SECURE = 9;

    @Test
    void shouldKeepGranulesAndTablesInAgreement() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("invariants: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        BareRealm realm = new BareRealm("1.0").realm();
        realm.tables(0, FIRST, FIRST + 0x1000, 3);
        Map<String, Integer> statuses = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            long status = command(realm, random);
            statuses.merge(Long.toHexString(status), 1, Integer::sum);
            if (step % 64 == 0) {
                check(realm, "seed " + seed + " step " + step);
            }
        }
        assertTrue(statuses.keySet().containsAll(List.of("0", "1", "104", "204", "304")), statuses::toString);
    }

    private static long command(BareRealm realm, SplittableRandom random) {
        long granule = FIRST + random.nextInt(GRANULES) * BareRealm.PAGE;
        long ipa = IPAS[random.nextInt(IPAS.length)];
        long level = random.nextInt(5);
        long rd = random.nextInt(50) == 0 ? granule : BareRealm.RD;
        return switch (random.nextInt(12)) {
            case 0, 1 -> realm.call("RMI_GRANULE_DELEGATE", granule);
            case 2 -> realm.call("RMI_GRANULE_UNDELEGATE", granule);
            case 3, 4 -> realm.call("RMI_RTT_CREATE", rd, granule, aligned(ipa, level), level);
            case 5 -> realm.call("RMI_RTT_DESTROY", rd, aligned(ipa, level), level);
            case 6 -> realm.call("RMI_RTT_FOLD", rd, aligned(ipa, level), level);
            case 7, 8 -> realm.call("RMI_DATA_CREATE_UNKNOWN", rd, granule, ipa);
            case 9 -> realm.call("RMI_DATA_DESTROY", rd, ipa);
            case 10 -> realm.call("RMI_RTT_INIT_RIPAS", rd, ipa, IPAS[random.nextInt(IPAS.length)]);
            default -> random.nextBoolean()
                    ? realm.call("RMI_RTT_MAP_UNPROTECTED", rd, ipa, level, BareRealm.HOST_BLOCK | 0xd8)
                    : realm.call("RMI_RTT_UNMAP_UNPROTECTED", rd, ipa, level);
        };
    }

    private static long aligned(long ipa, long level) {
        return level >= 1 && level <= 3 ? ipa & -(1L << 12 + 9 * (4 - level)) : ipa;
    }

    private static void check(BareRealm realm, String place) {
        Map<Integer, Integer> states = new HashMap<>();
        for (int i = 0; i < GRANULES; i++) {
            long pa = FIRST + i * BareRealm.PAGE;
            realm.must("STATE.GRANULE", pa);
            int state = (int) realm.out("state");
            states.merge(state, 1, Integer::sum);
            String what = place + " granule 0x" + Long.toHexString(pa) + " state " + state;
            assertEquals(state == NS ? NON_SECURE : REALM, realm.out("pas"), what);
            if (state == DELEGATED) {
                assertEquals(1, realm.out("all_zero"), what);
            }
            if (state == RTT) {
                assertEquals(live(pa), realm.out("refcount"), what);
            } else {
                assertEquals(0, realm.out("refcount"), what);
            }
        }
        int assigned = 0;
        for (long ipa : IPAS) {
            boolean isPage = Long.compareUnsigned(ipa, BareRealm.HALF) < 0 && ipa % BareRealm.PAGE == 0;
            assigned += isPage && realm.call("RMI_RTT_READ_ENTRY", BareRealm.RD, ipa, 3) == 0 && realm.out("x2") == 1
                    ? 1 : 0;
        }
        assertEquals(states.getOrDefault(DATA, 0), assigned, place + ": pages and their granules");
    }

    /// TABLE and ASSIGNED entries of a table, by the bits of the descriptors: bit 55 marks the host's.
    private static long live(long table) {
        long live = 0;
        for (int i = 0; i < BareRealm.PAGES; i++) {
            long entry = BareRealm.word(table + (long) i * Long.BYTES);
            live += (entry & 5) != 0 && (entry & 1L << 55) == 0 ? 1 : 0;
        }
        return live;
    }
}
