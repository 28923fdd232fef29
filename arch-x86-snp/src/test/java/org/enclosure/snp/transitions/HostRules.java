package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.ASID;
import static org.enclosure.snp.transitions.Trial.CONTENT;
import static org.enclosure.snp.transitions.Trial.GPA;
import static org.enclosure.snp.transitions.Trial.LARGE;
import static org.enclosure.snp.transitions.Trial.OTHER_ASID;
import static org.enclosure.snp.transitions.Trial.REGION;
import static org.enclosure.snp.transitions.Trial.SMALL;
import static org.enclosure.snp.transitions.Trial.UNCOVERED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Function;

import org.enclosure.snp.wire.RmpEntry;

/// RMPUPDATE, PSMASH and RMPREAD.
final class HostRules {
    private static final long PAGE = 4096;
    private static final long TAIL = REGION + 7 * PAGE;

    private HostRules() {
    }

    static void addTo(Map<Integer, Rule> rules) {
        assignments(rules);
        changes(rules);
        refusals(rules);
        overlaps(rules);
        smashes(rules);
        reads(rules);
    }

    private static Rule update(Map<Integer, Rule> rules, int row, Function<Trial, String> step) {
        Rule rule = new Rule("RMPUPDATE", step);
        rules.put(row, rule);
        return rule;
    }

    private static String unassign(Trial trial) {
        return trial.rmpupdate(trial.at, 0, SMALL, 0, 0, 0);
    }

    private static String assign(Trial trial) {
        return trial.rmpupdate(trial.at, 1, SMALL, 0, trial.gpa, ASID);
    }

    private static void assertFresh(Trial trial) {
        assertEquals(RmpEntry.FRESH_PERMISSIONS, trial.entry(trial.at, "hi"), "permissions");
        assertEquals(0, trial.entry(trial.at, "vmsa_page"), "VMSA");
    }

    private static void assertPermissionsKept(Trial trial) {
        assertEquals(Start.PERMISSIONS, trial.entry(trial.at, "hi"), "permissions");
        assertEquals(trial.start.isVmsa() ? 1 : 0, trial.entry(trial.at, "vmsa_page"), "VMSA");
    }

    private static void assignments(Map<Integer, Rule> rules) {
        update(rules, 2, HostRules::assign).after(HostRules::assertFresh);
        update(rules, 3, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, trial.gpa, ASID));
        update(rules, 4, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, 0, 0));
        update(rules, 5, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, 0x1000, 0));
        update(rules, 6, HostRules::unassign);
        update(rules, 7, HostRules::unassign).after(trial -> {
            long seen = trial.memory.getLong(trial.at);
            assertTrue(seen != CONTENT && seen != 0, "ciphertext");
        });
        update(rules, 8, HostRules::unassign);
        update(rules, 9, HostRules::unassign);
        update(rules, 17, trial -> trial.rmpupdate(REGION, 1, LARGE, 0, GPA, ASID));
        update(rules, 18, trial -> trial.rmpupdate(REGION, 0, LARGE, 0, 0, 0));
    }

    private static void changes(Map<Integer, Rule> rules) {
        update(rules, 10, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, trial.gpa, ASID))
                .after(HostRules::assertPermissionsKept);
        update(rules, 11, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, trial.gpa, ASID))
                .from("GUEST_VALID", "GUEST_VALID+VMSA").after(HostRules::assertPermissionsKept);
        update(rules, 12, trial -> trial.rmpupdate(trial.at, 1, SMALL, 0, trial.gpa, OTHER_ASID))
                .from("GUEST_VALID", "GUEST_VALID+VMSA").after(HostRules::assertFresh);
        update(rules, 13, trial -> trial.rmpupdate(trial.at, 1, SMALL, 0, trial.gpa + PAGE, ASID))
                .from("GUEST_VALID", "GUEST_VALID+VMSA").after(HostRules::assertFresh);
        update(rules, 14, trial -> trial.rmpupdate(trial.at, 1, LARGE, 0, trial.gpa, ASID))
                .from("GUEST_VALID head").to("GUEST_INVALID 2M").after(HostRules::assertFresh);
        update(rules, 15, trial -> trial.rmpupdate(trial.at, 1, SMALL, 1, 0, 0))
                .after(trial -> assertEquals(0, trial.entry(trial.at, "validated")));
        update(rules, 16, HostRules::assign).from("GUEST_VALID", "GUEST_VALID+VMSA")
                .after(HostRules::assertPermissionsKept);
        update(rules, 129, trial -> trial.rmpupdate(trial.at, 0, SMALL, 1, 0, 0)).refuses();
        update(rules, 131, HostRules::everyUpdate).answers("done").to("open");
    }

    /// Every new state over the old one: what was not valid is not valid afterwards.
    private static String everyUpdate(Trial trial) {
        for (int choice = 0; choice < 64; choice++) {
            trial.put(trial.at, trial.start, trial.gpa);
            boolean wasValid = trial.entry(trial.at, "validated") != 0;
            long before = trial.entry(trial.at, "lo");
            trial.rmpupdate(trial.at, choice & 1, SMALL, choice >> 1 & 1, (choice >> 2 & 1) * trial.gpa,
                    (choice >> 3 & 1) * ASID + (choice >> 4 & 1));
            boolean isValid = trial.entry(trial.at, "validated") != 0;
            long changed = (before ^ trial.entry(trial.at, "lo")) & ~RmpEntry.IMMUTABLE;
            assertTrue(!isValid || wasValid && changed == 0, "choice " + choice);
        }
        return "done";
    }

    private static void refusals(Map<Integer, Rule> rules) {
        update(rules, 19, trial -> trial.rmpupdate(trial.at, 1, LARGE, 0, GPA, ASID));
        update(rules, 20, HostRules::assign);
        update(rules, 21, trial -> trial.rmpupdate(trial.at, 0, SMALL, 0, 0, ASID));
        update(rules, 22, trial -> trial.rmpupdate(trial.at, 0, SMALL, 1, 0, 0));
        for (int row = 23; row <= 28; row++) {
            update(rules, row, trial -> {
                assertEquals("EAX=2", assign(trial), "assignment");
                return unassign(trial);
            });
        }
        update(rules, 29, trial -> trial.host("RMPUPDATE", trial.at, 1, SMALL, 0, trial.gpa, ASID, 1));
        update(rules, 30, HostRules::unassign).from("any mutable")
                .arrange(trial -> trial.host("TEST.MARK_IN_USE", trial.at)).after(trial -> {
                    trial.host("TEST.CLEAR_IN_USE", trial.at);
                    assertEquals("EAX=0", unassign(trial), "another try");
                });
    }

    private static void overlaps(Map<Integer, Rule> rules) {
        update(rules, 31, trial -> trial.rmpupdate(REGION, 1, LARGE, 0, GPA, ASID))
                .from("HYPERVISOR head", "GUEST_INVALID head", "GUEST_VALID head")
                .arrange(trial -> trial.put(TAIL, Start.of("GUEST_INVALID").getFirst(), GPA + 7 * PAGE));
        update(rules, 32, trial -> {
            assertEquals("EAX=4", trial.rmpupdate(TAIL, 0, SMALL, 0, 0, 0), "given back");
            return trial.rmpupdate(TAIL, 1, SMALL, 0, GPA + 7 * PAGE, ASID);
        });
        update(rules, 33, HostRules::assign);
        update(rules, 34, trial -> trial.rmpupdate(REGION, 1, LARGE, 0, GPA, ASID));
    }

    private static void smashes(Map<Integer, Rule> rules) {
        for (int row : new int[] {35, 36}) {
            rules.put(row, new Rule("PSMASH", trial -> trial.host("PSMASH", trial.at)).after(trial -> {
                for (long spa = REGION; spa < REGION + 512 * PAGE; spa += PAGE) {
                    assertEquals(Start.PERMISSIONS, trial.entry(spa, "hi"), "permissions");
                    assertEquals(ASID, trial.entry(spa, "asid"), "asid");
                    assertEquals(GPA + spa - REGION, trial.entry(spa, "gpa"), "gpa");
                }
            }));
        }
        rules.put(37, new Rule("PSMASH", trial -> trial.host("PSMASH", trial.at))
                .arrange(trial -> trial.host("TEST.MARK_IN_USE", trial.at)).after(trial -> {
                    trial.host("TEST.CLEAR_IN_USE", trial.at);
                    assertEquals("EAX=0", trial.host("PSMASH", trial.at), "another try");
                }));
        rules.put(38, new Rule("PSMASH", trial -> {
            assertEquals("EAX=1", trial.host("PSMASH", UNCOVERED), "not covered");
            return trial.host("PSMASH", trial.at);
        }));
        rules.put(39, new Rule("PSMASH", trial -> trial.host("PSMASH", trial.at)).refuses());
    }

    private static void reads(Map<Integer, Rule> rules) {
        rules.put(67, new Rule("RMPREAD", trial -> trial.host("RMPREAD", trial.at, 0)).after(trial -> {
            for (String field : new String[] {"assigned", "large", "immutable", "gpa", "asid"}) {
                assertEquals(trial.entry(trial.at, field), trial.out("RMPREAD", field), field);
            }
        }));
        rules.put(68, new Rule("RMPREAD", trial -> trial.host("RMPREAD", trial.at, 0)));
        rules.put(69, new Rule("RMPREAD", trial -> trial.host("RMPREAD", trial.at, 1)));
        rules.put(130, new Rule("any", HostRules::everyInstruction).answers("refused"));
    }

    /// A page without an entry takes no part in anything.
    private static String everyInstruction(Trial trial) {
        long at = trial.at;
        assertEquals("EAX=1", assign(trial));
        assertEquals("EAX=1", unassign(trial));
        assertEquals("EAX=1", trial.rmpupdate(at, 1, LARGE, 1, GPA, ASID));
        assertEquals("EAX=1", trial.host("PSMASH", at));
        assertEquals("NPF RMP|ENC", trial.pvalidate(ASID, trial.gpa, at, SMALL, 1));
        assertEquals("NPF RMP|ENC", trial.rmpadjust(0, SMALL, 1, 1, 0));
        assertEquals("0x1A", trial.firmware("SNP_GCTX_CREATE", at));
        assertEquals("0x1A", trial.firmware("SNP_PAGE_MD_INIT", at, Trial.CONTEXT));
        assertEquals("0x1A", trial.firmware("TEST.LAUNCH_PAGE", ASID, at, SMALL, 1, 0));
        assertNotEquals("0x00", trial.firmware("SNP_PAGE_UNSMASH", at));
        assertNotEquals("0x00", trial.firmware("SNP_PAGE_MOVE", ASID, at, Trial.FREE));
        return "refused";
    }
}
