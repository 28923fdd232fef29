package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.ASID;
import static org.enclosure.snp.transitions.Trial.GPA;
import static org.enclosure.snp.transitions.Trial.LARGE;
import static org.enclosure.snp.transitions.Trial.OTHER_ASID;
import static org.enclosure.snp.transitions.Trial.REGION;
import static org.enclosure.snp.transitions.Trial.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.Function;

/// PVALIDATE, RMPADJUST and RMPQUERY.
final class GuestRules {
    private static final String MISMATCH = "NPF RMP|ENC";
    private static final long PAGE = 4096;

    private GuestRules() {
    }

    static void addTo(Map<Integer, Rule> rules) {
        validations(rules);
        faults(rules);
        adjustments(rules);
        refusedAdjustments(rules);
        rules.put(66, new Rule("RMPQUERY", trial -> trial.guest("RMPQUERY", ASID, 0, 0, 1, trial.gpa, trial.at, 2))
                .from("GUEST_VALID", "GUEST_VALID 2M", "GUEST_VALID+VMSA").after(trial -> {
                    assertEquals(3, trial.out("RMPQUERY", "perms"), "permissions of VMPL 2");
                    assertEquals(trial.start.isVmsa() ? 1 : 0, trial.out("RMPQUERY", "vmsa_page"), "VMSA");
                    assertEquals(trial.start.isLarge() ? 1 : 0, trial.out("RMPQUERY", "large"), "size");
                }));
    }

    private static Rule pvalidate(Map<Integer, Rule> rules, int row, Function<Trial, String> step) {
        Rule rule = new Rule("PVALIDATE", step);
        rules.put(row, rule);
        return rule;
    }

    private static String validate(Trial trial) {
        return trial.pvalidate(ASID, trial.gpa, trial.at, SMALL, 1);
    }

    private static String rescind(Trial trial) {
        return trial.pvalidate(ASID, trial.gpa, trial.at, SMALL, 0);
    }

    private static void validations(Map<Integer, Rule> rules) {
        pvalidate(rules, 41, GuestRules::validate).after(GuestRules::assertPermissions);
        pvalidate(rules, 42, GuestRules::validate);
        pvalidate(rules, 43, GuestRules::rescind).after(GuestRules::assertPermissions);
        pvalidate(rules, 44, GuestRules::rescind);
        pvalidate(rules, 45, trial -> trial.pvalidate(ASID, GPA, REGION, LARGE, 1))
                .after(GuestRules::assertPermissions);
        pvalidate(rules, 46, trial -> trial.pvalidate(ASID, trial.gpa, trial.at, LARGE, 1));
        pvalidate(rules, 47, trial -> trial.pvalidate(ASID, GPA, REGION, LARGE, 1)).from("GUEST_* 4K head");
    }

    private static void assertPermissions(Trial trial) {
        assertEquals(Start.PERMISSIONS, trial.entry(trial.at, "hi"), "permissions");
    }

    private static void faults(Map<Integer, Rule> rules) {
        pvalidate(rules, 48, trial -> trial.pvalidate(ASID, GPA + 3 * PAGE, REGION + 3 * PAGE, SMALL, 1))
                .after(trial -> {
                    assertEquals("EAX=0", trial.host("PSMASH", REGION));
                    boolean wasValid = trial.start.name().equals("GUEST_VALID");
                    assertEquals("EAX=0 CF=" + (wasValid ? 1 : 0),
                            trial.pvalidate(ASID, GPA + 3 * PAGE, REGION + 3 * PAGE, SMALL, 1), "started again");
                });
        pvalidate(rules, 49, GuestRules::validate);
        pvalidate(rules, 50, trial -> {
            assertEquals(MISMATCH, trial.pvalidate(ASID, trial.gpa + PAGE, trial.at, SMALL, 1), "another gpa");
            return trial.pvalidate(OTHER_ASID, trial.gpa, trial.at, SMALL, 1);
        });
        pvalidate(rules, 51, GuestRules::validate);
        pvalidate(rules, 52, GuestRules::validate);
        pvalidate(rules, 53, trial -> {
            assertEquals("GP", trial.guest("PVALIDATE", ASID, 0, 3, 1, trial.gpa, trial.at, SMALL, 1), "ring 3");
            return trial.guest("PVALIDATE", ASID, 1, 0, 1, trial.gpa, trial.at, SMALL, 1);
        });
        pvalidate(rules, 54, trial -> trial.guest("PVALIDATE", ASID, 0, 0, 0, trial.gpa, trial.at, SMALL, 1));
    }

    private static Rule rmpadjust(Map<Integer, Rule> rules, int row, Function<Trial, String> step) {
        Rule rule = new Rule("RMPADJUST", step);
        rules.put(row, rule);
        return rule;
    }

    private static void adjustments(Map<Integer, Rule> rules) {
        rmpadjust(rules, 55, trial -> trial.rmpadjust(0, SMALL, 2, 0xf, 0)).from("GUEST_VALID", "GUEST_VALID+VMSA")
                .after(trial -> {
                    assertEquals(0x01_0f_07_1fL, trial.entry(trial.at, "hi"), "permissions");
                    assertEquals(0, trial.entry(trial.at, "vmsa_page"), "VMSA");
                });
        rmpadjust(rules, 56, trial -> trial.rmpadjust(1, SMALL, 3, 7, 1)).after(trial -> {
            assertEquals(0x07_03_07_1fL, trial.entry(trial.at, "hi"), "permissions");
            assertEquals(0, trial.entry(trial.at, "vmsa_page"), "VMSA");
        });
        rmpadjust(rules, 64, trial -> trial.rmpadjust(0, SMALL, 1, 7, 1)).to("GUEST_VALID+VMSA");
        rmpadjust(rules, 65, trial -> {
            trial.host("TEST.MARK_IN_USE", trial.at);
            assertEquals("EAX=3", trial.rmpadjust(0, SMALL, 1, 0, 0), "inside VMRUN");
            trial.host("TEST.CLEAR_IN_USE", trial.at);
            assertEquals(1, trial.entry(trial.at, "vmsa_page"), "VMSA");
            return trial.rmpadjust(0, SMALL, 1, 0, 0);
        }).after(trial -> assertEquals(0, trial.entry(trial.at, "vmsa_page"), "VMSA"));
    }

    private static void refusedAdjustments(Map<Integer, Rule> rules) {
        rmpadjust(rules, 57, trial -> {
            assertEquals("EAX=2", trial.rmpadjust(2, SMALL, 1, 0, 0), "a level above");
            return trial.rmpadjust(0, SMALL, 0, 0, 0);
        });
        rmpadjust(rules, 58, trial -> trial.rmpadjust(1, SMALL, 2, 8, 0));
        rmpadjust(rules, 59, trial -> trial.rmpadjust(0, SMALL, 1, 1, 0));
        rmpadjust(rules, 60, trial -> trial.rmpadjust(0, LARGE, 1, 1, 0)).from("GUEST_VALID head");
        rmpadjust(rules, 61, trial -> trial.rmpadjust(0, SMALL, 1, 1, 0));
        rmpadjust(rules, 62, trial -> {
            assertEquals("EAX=1", trial.rmpadjust(0, SMALL, 4, 1, 0), "no such level");
            return trial.rmpadjust(0, LARGE, 1, 1, 0);
        });
        rmpadjust(rules, 63, trial -> {
            boolean isMine = trial.start.name().startsWith("GUEST_");
            long asid = isMine ? OTHER_ASID : ASID;
            long operand = isMine ? trial.gpa + PAGE : trial.gpa;
            assertEquals(MISMATCH,
                    trial.guest("RMPADJUST", ASID, 0, 0, 1, operand, trial.at, SMALL, 1, 1, 0), "another gpa");
            return trial.guest("RMPADJUST", asid, 0, 0, 1, trial.gpa, trial.at, SMALL, 1, 1, 0);
        });
    }
}
