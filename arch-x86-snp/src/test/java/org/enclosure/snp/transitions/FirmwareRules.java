package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.ASID;
import static org.enclosure.snp.transitions.Trial.CONTENT;
import static org.enclosure.snp.transitions.Trial.CONTEXT;
import static org.enclosure.snp.transitions.Trial.FREE;
import static org.enclosure.snp.transitions.Trial.GPA;
import static org.enclosure.snp.transitions.Trial.LARGE;
import static org.enclosure.snp.transitions.Trial.REGION;
import static org.enclosure.snp.transitions.Trial.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Function;

/// The firmware's commands on pages, but those of a launch.
final class FirmwareRules {
    private static final long PAGE = 4096;
    private static final long REGION_PAGES = 512;
    /// A metadata page, and an entry in it.
    private static final long METADATA = 0x40_9000;
    private static final long ENTRY = METADATA + 0x40;
    /// Where swapped pages go: the firmware's.
    private static final long SWAPPED = 0x40_b000;
    private static final long VALID = 1;

    private FirmwareRules() {
    }

    static void addTo(Map<Integer, Rule> rules) {
        machine(rules);
        contexts(rules);
        reclaims(rules);
        joins(rules);
        moves(rules);
        swapsOut(rules);
        swapsIn(rules);
        fixed(rules);
    }

    private static Start state(String name) {
        return Start.of(name).getFirst();
    }

    private static void rule(Map<Integer, Rule> rules, int row, String name, Function<Trial, String> step) {
        rules.put(row, new Rule(name, step));
    }

    private static void machine(Map<Integer, Rule> rules) {
        String init = "SNP_INIT(_EX)";
        rules.put(83, new Rule(init, trial -> trial.firmware("SNP_INIT_EX", FREE, 1, METADATA, 1))
                .arrange(FirmwareRules::shutDown).from(Start.anyBut("-")));
        rules.put(84, new Rule(init, trial -> trial.firmware("SNP_INIT_EX", trial.at, 3, METADATA, 1))
                .arrange(FirmwareRules::shutDown));
        rules.put(85, new Rule(init, trial -> trial.firmware("SNP_INIT_EX", FREE, 1, trial.at, 3))
                .arrange(FirmwareRules::shutDown));
        rules.put(128, new Rule("SNP_SHUTDOWN_EX", trial -> trial.firmware("SNP_SHUTDOWN_EX", 1)).arrange(trial -> {
            trial.put(FREE, state("FIRMWARE"), 0);
            trial.put(METADATA, state("METADATA"), 0);
        }).after(trial -> {
            assertEquals("FIRMWARE", trial.stateName(FREE), "not the IOMMU's");
            assertEquals("METADATA", trial.stateName(METADATA));
            assertEquals("0x01", trial.firmware("SNP_GCTX_CREATE", FREE), "not initialised");
        }));
    }

    private static void shutDown(Trial trial) {
        assertEquals("0x01", trial.firmware("SNP_INIT_EX", FREE, 1, METADATA, 1), "initialised before");
        assertEquals("0x00", trial.firmware("SNP_SHUTDOWN_EX", 0));
    }

    private static void contexts(Map<Integer, Rule> rules) {
        rule(rules, 86, "SNP_GCTX_CREATE", trial -> trial.firmware("SNP_GCTX_CREATE", trial.at));
        rules.put(87, new Rule("SNP_GCTX_CREATE", trial -> trial.firmware("SNP_GCTX_CREATE", trial.at))
                .from(Start.anyBut("FIRMWARE")));
        rule(rules, 88, "SNP_GCTX_CREATE", trial -> trial.firmware("SNP_GCTX_CREATE", trial.at));
        rules.put(89, new Rule("SNP_DECOMMISSION", trial -> trial.firmware("SNP_DECOMMISSION", trial.at))
                .from("FIRMWARE").arrange(trial -> assertEquals("0x00", trial.firmware("SNP_GCTX_CREATE", trial.at)))
                .after(trial -> {
                    assertEquals("0x10", trial.firmware("SNP_DECOMMISSION", trial.at), "no guest any more");
                    assertEquals("0x00", trial.firmware("SNP_PAGE_RECLAIM", trial.at, SMALL));
                    assertEquals("RECLAIM", trial.stateName(trial.at));
                }));
        rules.put(123, new Rule("SNP_PAGE_MD_INIT", trial -> trial.firmware("SNP_PAGE_MD_INIT", trial.at, CONTEXT))
                .after(trial -> {
                    assertEquals(CONTEXT, trial.entry(trial.at, "gpa"), "the owner");
                    assertTrue(trial.memory.isZero(trial.at, PAGE), "zeroed");
                }));
    }

    private static String reclaim(Trial trial) {
        return trial.firmware("SNP_PAGE_RECLAIM", trial.at, trial.start.isLarge() ? LARGE : SMALL);
    }

    private static void reclaims(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_RECLAIM";
        rules.put(102, new Rule(name, FirmwareRules::reclaim).from("PRE_GUEST", "PRE_GUEST 2M"));
        rules.put(103, new Rule(name, FirmwareRules::reclaim).from("PRE_SWAP", "PRE_SWAP 2M"));
        rules.put(104, new Rule(name, FirmwareRules::reclaim).from("FIRMWARE", "FIRMWARE_IOMMU"));
        rules.put(105, new Rule(name, FirmwareRules::reclaim));
        rules.put(106, new Rule(name, FirmwareRules::reclaim).from("any mutable"));
        rules.put(107, new Rule(name, FirmwareRules::reclaim));
        rules.put(108, new Rule(name,
                trial -> trial.firmware("SNP_PAGE_RECLAIM", trial.at, trial.start.isLarge() ? SMALL : LARGE))
                .from("PRE_* 2M", "PRE_* 4K head", "FIRMWARE head", "METADATA head"));
    }

    private static void joins(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_UNSMASH";
        rule(rules, 109, name, trial -> trial.firmware(name, trial.at));
        rule(rules, 110, name, trial -> trial.firmware(name, trial.at));
        for (int row : new int[] {109, 110}) {
            rules.put(row, new Rule(name, trial -> trial.firmware(name, trial.at)).after(trial -> {
                assertEquals(Start.PERMISSIONS, trial.entry(trial.at, "hi"), "permissions");
                assertEquals(ASID, trial.entry(trial.at, "asid"), "asid");
            }));
        }
        rules.put(111, new Rule(name, trial -> trial.firmware(name, trial.at)).from("PRE_GUEST x512", "PRE_SWAP x512")
                .arrange(trial -> trial.put(REGION + 9 * PAGE, state("GUEST_INVALID"), GPA + 9 * PAGE)));
        rules.put(112, new Rule(name, trial -> {
            trial.firmware(name, trial.at + PAGE);
            return trial.firmware(name, trial.at);
        }).from("PRE_* x512").arrange(trial -> trial.put(trial.at, trial.start, GPA + PAGE)).refuses());
    }

    private static void moves(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_MOVE";
        rules.put(113, new Rule(name, trial -> trial.firmware(name, ASID, trial.at, FREE)).from("PRE_SWAP")
                .arrange(trial -> trial.put(FREE, state("PRE_GUEST"), 0x7000)).to("GUEST_INVALID").after(trial -> {
                    assertEquals("GUEST_VALID", trial.stateName(FREE), "target");
                    assertEquals(trial.gpa, trial.entry(FREE, "gpa"), "gpa");
                    assertEquals(Start.PERMISSIONS, trial.entry(FREE, "hi"), "permissions");
                    assertEquals(CONTENT, trial.memory.getLong(FREE), "content");
                }));
        rules.put(114, new Rule(name, trial -> trial.firmware(name, ASID, trial.at, FREE)).from("PRE_GUEST")
                .arrange(trial -> trial.put(FREE, state("PRE_GUEST"), 0x7000)).to("GUEST_INVALID")
                .after(trial -> assertEquals("GUEST_INVALID", trial.stateName(FREE), "target")));
        rules.put(115, new Rule(name, trial -> trial.firmware(name, 0, trial.at, FREE)).from("METADATA")
                .arrange(trial -> trial.put(FREE, state("FIRMWARE"), 0)).to("FIRMWARE").after(trial -> {
                    assertEquals("METADATA", trial.stateName(FREE), "target");
                    assertEquals(CONTEXT, trial.entry(FREE, "gpa"), "the owner");
                }));
    }

    private static void prepareSwap(Trial trial) {
        trial.put(METADATA, state("METADATA"), 0);
        trial.put(SWAPPED, state("FIRMWARE"), 0);
    }

    private static String swapOut(Trial trial) {
        return trial.firmware("SNP_PAGE_SWAP_OUT", trial.start.isGuest() ? ASID : 0, trial.at, SWAPPED, ENTRY);
    }

    private static String swapIn(Trial trial) {
        return trial.firmware("SNP_PAGE_SWAP_IN", trial.start.isGuest() ? ASID : 0, SWAPPED, trial.at, ENTRY);
    }

    private static long info(Trial trial) {
        return trial.memory.getLong(ENTRY + 0x20);
    }

    private static void swapsOut(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_SWAP_OUT";
        rules.put(116, new Rule(name, FirmwareRules::swapOut).arrange(FirmwareRules::prepareSwap).after(trial -> {
            assertEquals(VALID, info(trial) & VALID, "entry valid");
            assertEquals(trial.start.name().equals("PRE_SWAP") ? 1 : 0, info(trial) >> 1 & 1, "page validated");
            assertEquals(trial.gpa, info(trial) & ~0xfffL, "gpa");
        }));
        rules.put(117, new Rule(name, FirmwareRules::swapOut).arrange(FirmwareRules::prepareSwap)
                .after(trial -> assertEquals(8 | VALID, info(trial) & 9, "a valid entry of metadata")));
    }

    private static void swapOutFirst(Trial trial) {
        prepareSwap(trial);
        assertEquals("0x00", swapOut(trial));
        trial.memory.zero(trial.at, PAGE);
    }

    private static void assertBack(Trial trial) {
        assertEquals(0, info(trial) & VALID, "entry valid");
        assertEquals(CONTENT, trial.memory.getLong(trial.at), "content");
        assertEquals("0x1B", swapInAgain(trial), "an entry serves once");
    }

    private static String swapInAgain(Trial trial) {
        trial.put(trial.at, state(trial.start.isGuest() ? "PRE_GUEST" : "FIRMWARE"), trial.gpa);
        return swapIn(trial);
    }

    private static void swapsIn(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_SWAP_IN";
        rules.put(118, new Rule(name, FirmwareRules::swapIn).from("PRE_SWAP").arrange(FirmwareRules::swapOutFirst)
                .after(FirmwareRules::assertBack));
        rules.put(119, new Rule(name, FirmwareRules::swapIn).arrange(FirmwareRules::swapOutFirst)
                .after(FirmwareRules::assertBack));
        rules.put(120, new Rule(name, FirmwareRules::swapIn).from("PRE_*").arrange(trial -> {
            swapOutFirst(trial);
            trial.memory.putByte(SWAPPED + 77, (byte) (trial.memory.getByte(SWAPPED + 77) ^ 1));
        }).after(trial -> {
            assertEquals(VALID, info(trial) & VALID, "entry valid");
            assertTrue(trial.memory.isZero(trial.at, PAGE), "page as it was");
        }));
        rules.put(121, new Rule(name, trial -> {
            trial.memory.putLong(ENTRY + 0x20, info(trial) | 8);
            assertEquals("0x1B", swapIn(trial), "an entry of metadata");
            trial.memory.putLong(ENTRY + 0x20, info(trial) & ~9L);
            return swapIn(trial);
        }).from("PRE_*").arrange(FirmwareRules::swapOutFirst));
        rules.put(122, new Rule(name, FirmwareRules::swapIn).from("METADATA").arrange(FirmwareRules::swapOutFirst)
                .after(trial -> {
                    assertEquals(CONTEXT, trial.entry(trial.at, "gpa"), "the owner");
                    assertBack(trial);
                }));
    }

    private static void fixed(Map<Integer, Rule> rules) {
        String name = "SNP_PAGE_SET_STATE";
        rules.put(124, new Rule(name, trial -> trial.firmware(name, trial.at, REGION_PAGES)).from("FIRMWARE x512")
                .to("HV_FIXED x512"));
        rules.put(125, new Rule(name, trial -> {
            assertEquals("0x16", trial.firmware(name, REGION, 5), "length");
            return trial.firmware(name, trial.at, REGION_PAGES);
        }));
        rules.put(126, new Rule(name, trial -> trial.firmware(name, REGION, REGION_PAGES)).from("FIRMWARE 2M",
                "FIRMWARE x512").arrange(trial -> {
                    if (trial.start.isRegion()) {
                        trial.put(REGION + 11 * PAGE, state("RECLAIM"), 0);
                    }
                }));
    }
}
