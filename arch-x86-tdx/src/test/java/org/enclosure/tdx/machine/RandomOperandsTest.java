package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random leaves with random operands, legal and not. After every few steps the tables have to make sense: no page is mapped twice,
/// what is mapped belongs to the TD by its PAMT entry, and the TD's count of pages is right. Nothing ever throws.
class RandomOperandsTest {
    private static final long TD = Script.TD;
    private static final int STEPS = 12_000;
    private static final int CHECK_EVERY = 50;
    private static final long FIRST_PAGE = 0x4020_0000L;
    private static final long FIRST_TABLE = 0x4010_0000L;
    private static final List<String> LEAVES = List.of("TDH.MEM.SEPT.ADD", "TDH.MEM.PAGE.AUG", "TDH.MEM.PAGE.AUG",
            "TDH.MEM.PAGE.REMOVE", "TDH.MEM.PAGE.REMOVE", "TDH.MEM.SEPT.REMOVE", "TDH.MEM.RANGE.BLOCK",
            "TDH.MEM.RANGE.UNBLOCK", "TDH.MEM.TRACK", "TDH.MEM.TRACK", "TDH.MEM.PAGE.PROMOTE", "TDH.MEM.PAGE.DEMOTE",
            "TDH.MEM.PAGE.RELOCATE", "TDH.MEM.RD", "TDH.MEM.WR", "TDH.MEM.SEPT.RD", "TDH.EXPORT.UNBLOCKW",
            "TDG.MEM.PAGE.ACCEPT", "TDG.MEM.PAGE.ACCEPT", "VCPU.ENTER", "VCPU.EXIT", "TDH.PHYMEM.PAGE.RECLAIM",
            "TDH.PHYMEM.PAGE.WBINVD", "TDH.MEM.PAGE.ADD", "TDH.MR.EXTEND");

    private final Map<Long, Integer> statuses = new TreeMap<>();
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheTablesConsistent(boolean isRunning) {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("random operands: seed " + seed + "; again with -Denclosure.seed=" + seed);
        random = new Random(seed);
        try (Script script = isRunning ? Script.running(Attributes.DEBUG) : Script.building(Attributes.DEBUG, 1)) {
            for (int step = 0; step < STEPS; step++) {
                String leaf = LEAVES.get(random.nextInt(LEAVES.size()));
                long rax = script.invoke(leaf, operands(script, leaf));
                statuses.merge(TdxStatus.kind(rax), 1, Integer::sum);
                if (step % CHECK_EVERY == 0) {
                    check(script, seed, step);
                }
            }
        }
        assertTrue(statuses.getOrDefault(0L, 0) > STEPS / 20, "too few calls succeed: " + statuses);
        assertTrue(statuses.size() > 8, "too few statuses were met: " + statuses.keySet());
    }

    private long[] operands(Script script, String leaf) {
        if (random.nextInt(40) == 0) {
            return leaf.startsWith("VCPU") ? new long[] {TD, random.nextInt(4)} : wild(script, leaf);
        }
        return switch (leaf) {
            case "VCPU.ENTER", "VCPU.EXIT" -> new long[] {TD, random.nextInt(3)};
            case "TDH.MEM.TRACK" -> new long[] {TD};
            case "TDG.MEM.PAGE.ACCEPT" -> new long[] {TD, pageInfo()};
            case "TDH.PHYMEM.PAGE.RECLAIM", "TDH.PHYMEM.PAGE.WBINVD" -> new long[] {page()};
            case "TDH.MEM.PAGE.ADD" -> new long[] {pageInfo(), TD, page(), Script.SOURCE};
            case "TDH.MEM.SEPT.ADD" -> new long[] {pageInfo(), TD | random.nextInt(2), table()};
            case "TDH.MEM.PAGE.DEMOTE" -> new long[] {pageInfo(), TD, table()};
            case "TDH.MEM.PAGE.AUG", "TDH.MEM.PAGE.RELOCATE" -> new long[] {pageInfo(), TD, page()};
            case "TDH.MEM.WR" -> new long[] {pageInfo() & ~7L, TD, random.nextLong()};
            default -> new long[] {pageInfo(), TD};
        };
    }

    /// Operands without any sense; only what would be no TD at all to the guest's side is kept.
    private long[] wild(Script script, String leaf) {
        if (leaf.startsWith("TDG")) {
            return new long[] {TD, random.nextLong()};
        }
        long[] operands = {random.nextLong(), random.nextBoolean() ? TD : random.nextLong(), random.nextLong(),
                random.nextLong()};
        return java.util.Arrays.copyOf(operands, script.operandsOf(leaf));
    }

    private long pageInfo() {
        int level = random.nextInt(8) < 5 ? 0 : random.nextInt(8) < 6 ? 1 : random.nextInt(4);
        long gpa = (long) random.nextInt(3) << 21 | (random.nextInt(3) == 0 ? 0 : (long) random.nextInt(8) << 12);
        return (random.nextInt(30) == 0 ? gpa : gpa & -(1L << 12 + 9 * level)) | level;
    }

    private long page() {
        return random.nextInt(3) == 0 ? FIRST_PAGE + ((long) random.nextInt(4) << 21)
                : FIRST_PAGE + ((long) random.nextInt(4) << 21) + ((long) random.nextInt(16) << 12);
    }

    private long table() {
        return FIRST_TABLE + ((long) random.nextInt(24) << 12);
    }

    // ---- invariants -----------------------------------------------------------------------------------------------------

    private void check(Script script, long seed, int step) {
        String where = "seed " + seed + " step " + step;
        Map<Long, Long> owners = new HashMap<>();
        long[] children = {6};
        walk(script, root(script), 3, 0, owners, children, where);
        script.invoke("STATE.INFO", TD);
        assertEquals(children[0], script.out("chldcnt"), where + ": count of pages");
    }

    private static long root(Script script) {
        // The fourth control page holds the root of the secure EPT.
        assertEquals(PageType.TDCX, metadata(script, TD + 0x4000), "the root page");
        return TD + 0x4000;
    }

    private void walk(Script script, long table, int level, long gpa, Map<Long, Long> owners, long[] children,
            String where) {
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            long entry = script.memory().getLong(table + i * 8L);
            long at = gpa | (long) i << 12 + 9 * level;
            SeptState state = SeptEntry.state(entry);
            if (state.isTable()) {
                long page = SeptEntry.hpa(entry, 0);
                assertEquals(PageType.EPT, metadata(script, page), where + ": type of a table");
                children[0]++;
                walk(script, page, level - 1, at, owners, children, where);
            } else if (state.isPage()) {
                long page = SeptEntry.hpa(entry, level);
                assertEquals(PageType.REG, metadata(script, page), where + ": type of a page");
                assertEquals(level, script.out("r8"), where + ": level of a page");
                assertEquals(TD, script.out("rdx"), where + ": owner of a page");
                for (long small = 0; small < 1L << 9 * level; small++) {
                    Long other = owners.put(page + (small << 12), at);
                    assertEquals(null, other, where + ": page 0x" + Long.toHexString(page) + " is mapped twice");
                }
                children[0] += 1L << 9 * level;
            }
        }
    }

    private static long metadata(Script script, long page) {
        assertEquals(0, script.invoke("TDH.PHYMEM.PAGE.RDMD", page));
        return script.out("rcx");
    }
}
