package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.ASID;
import static org.enclosure.snp.transitions.Trial.CONTEXT;
import static org.enclosure.snp.transitions.Trial.LARGE;
import static org.enclosure.snp.transitions.Trial.OTHER_ASID;
import static org.enclosure.snp.transitions.Trial.SMALL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/// SNP_LAUNCH_UPDATE and SNP_LAUNCH_FINISH.
final class LaunchRules {
    private static final String UPDATE = "SNP_LAUNCH_UPDATE";
    private static final long NORMAL = 1;
    private static final long VMSA = 2;
    private static final long CPUID = 6;
    private static final long PAGE = 4096;
    private static final long MASKS = 0x01_03_07L;

    private LaunchRules() {
    }

    static void addTo(Map<Integer, Rule> rules) {
        good(rules);
        parameters(rules);
        states(rules);
        rules.put(127, new Rule("SNP_LAUNCH_FINISH", trial -> trial.firmware("SNP_LAUNCH_FINISH", CONTEXT))
                .arrange(trial -> trial.launch(0)).answers("0x00").to("unchanged").after(trial -> {
                    trial.call("STATE.GUEST", CONTEXT);
                    assertEquals(2, trial.out("STATE.GUEST", "guest_state"), "RUNNING");
                    assertEquals("0x02", trial.firmware("SNP_LAUNCH_FINISH", CONTEXT), "only once");
                }));
    }

    private static Rule rule(Map<Integer, Rule> rules, int row, Function<Trial, String> step) {
        Rule rule = new Rule(UPDATE, step).arrange(trial -> trial.launch(0));
        rules.put(row, rule);
        return rule;
    }

    private static String update(Trial trial, long size, long type, long imi, long masks) {
        return trial.firmware(UPDATE, CONTEXT, trial.at, size, type, imi, masks);
    }

    private static void good(Map<Integer, Rule> rules) {
        rule(rules, 90, trial -> {
            for (long type : new long[] {NORMAL, 3, 4}) {
                trial.put(trial.at, trial.start, trial.gpa);
                byte[] before = trial.digest();
                assertEquals("0x00", update(trial, trial.start.isLarge() ? LARGE : SMALL, type, 0, MASKS));
                assertFalse(Arrays.equals(before, trial.digest()), "digest extended by type " + type);
            }
            return "0x00";
        }).from("PRE_GUEST", "PRE_GUEST 2M")
                .after(trial -> assertEquals(MASKS << 8 | 0x1f, trial.entry(trial.at, "hi"), "permissions"));
        rule(rules, 91, trial -> {
            for (long type : new long[] {5, CPUID, VMSA}) {
                trial.put(trial.at, trial.start, trial.gpa);
                trial.memory.zero(trial.at, PAGE);
                assertEquals("0x00", update(trial, SMALL, type, 0, 0));
                assertEquals(type == VMSA ? 1 : 0, trial.entry(trial.at, "vmsa_page"), "VMSA for type " + type);
            }
            return "0x00";
        });
    }

    private static void parameters(Map<Integer, Rule> rules) {
        rule(rules, 92, trial -> update(trial, SMALL, NORMAL, 0, 0)).from(Start.anyBut("PRE_GUEST"));
        rule(rules, 93, trial -> {
            boolean isLarge = trial.start.isLarge();
            for (long type : new long[] {VMSA, 5, CPUID}) {
                assertEquals("0x19", update(trial, LARGE, isLarge ? type : NORMAL, 0, 0));
            }
            return update(trial, isLarge ? SMALL : LARGE, NORMAL, 0, 0);
        }).from("PRE_GUEST head", "PRE_GUEST 2M");
        rule(rules, 94, trial -> update(trial, LARGE, NORMAL, 0, 0));
        rule(rules, 95, trial -> {
            assertEquals("0x16", update(trial, SMALL, 0, 0, 0), "type 0");
            assertEquals("0x16", update(trial, SMALL, 255, 0, 0), "type 255");
            return update(trial, SMALL, 7, 0, 0);
        });
        rule(rules, 96, trial -> {
            assertEquals("0x16", update(trial, SMALL, NORMAL, 0, 0), "no page of the migration image");
            trial.call("SETUP.VMPLS", 0);
            assertEquals("0x16", update(trial, SMALL, NORMAL, 1, 1), "permissions without levels");
            trial.call("SETUP.VMPLS", 1);
            return update(trial, SMALL, NORMAL, 1, 0x10);
        }).arrange(trial -> trial.launch(1))
                .after(trial -> assertEquals("0x00", update(trial, SMALL, NORMAL, 1, 0x0f), "legal"));
        rule(rules, 97, LaunchRules::everyPairOfErrors).from("HYPERVISOR", "PRE_GUEST").answers("refused")
                .to("unchanged");
        rule(rules, 101, trial -> {
            byte[] before = trial.digest();
            trial.memory.putLong(trial.at, 65);
            String answer = update(trial, SMALL, CPUID, 0, 0);
            assertArrayEquals(before, trial.digest(), "digest");
            return answer;
        }).after(trial -> {
            assertEquals(64, trial.memory.getLong(trial.at), "corrected");
            assertEquals("0x00", update(trial, SMALL, CPUID, 0, 0), "another try");
        });
    }

    /// Where two errors coincide, either is answered, and nothing changes.
    private static String everyPairOfErrors(Trial trial) {
        byte[] before = trial.digest();
        for (int errors = 1; errors < 16; errors++) {
            boolean isForeign = trial.start.isGuest() && (errors & 8) != 0;
            if (isForeign) {
                trial.firmware("SNP_ACTIVATE", CONTEXT, OTHER_ASID);
            }
            String answer = update(trial, errors & 1, (errors & 2) != 0 ? 9 : NORMAL, 0,
                    (errors & 4) != 0 ? 0x80 : 0);
            boolean isWrong = isForeign || !trial.start.isGuest() || (errors & 7) != 0;
            assertTrue(isWrong && !answer.equals("0x00"), "errors " + errors + ": " + answer);
            trial.firmware("SNP_ACTIVATE", CONTEXT, ASID);
        }
        assertArrayEquals(before, trial.digest(), "digest");
        return "refused";
    }

    private static void states(Map<Integer, Rule> rules) {
        rule(rules, 98, trial -> update(trial, SMALL, NORMAL, 0, 0)).arrange(trial -> {
            trial.launch(0);
            assertEquals("0x00", trial.firmware("SNP_LAUNCH_FINISH", CONTEXT));
        });
        rule(rules, 99, trial -> update(trial, SMALL, NORMAL, 0, 0)).arrange(LaunchRules::inactive);
        rule(rules, 100, trial -> update(trial, SMALL, NORMAL, 0, 0)).arrange(trial -> {
            trial.launch(0);
            assertEquals("0x00", trial.firmware("SNP_ACTIVATE", CONTEXT, OTHER_ASID));
        });
    }

    private static void inactive(Trial trial) {
        trial.rmpupdate(CONTEXT, 1, SMALL, 1, 0, 0);
        assertEquals("0x00", trial.firmware("SNP_GCTX_CREATE", CONTEXT));
        assertEquals("0x00", trial.firmware("SNP_LAUNCH_START", CONTEXT, 0x30000, 0));
    }
}
