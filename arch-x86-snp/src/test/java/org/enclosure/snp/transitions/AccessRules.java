package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.ASID;
import static org.enclosure.snp.transitions.Trial.CONTENT;
import static org.enclosure.snp.transitions.Trial.FREE;
import static org.enclosure.snp.transitions.Trial.LARGE;
import static org.enclosure.snp.transitions.Trial.OTHER_ASID;
import static org.enclosure.snp.transitions.Trial.REGION;
import static org.enclosure.snp.transitions.Trial.SMALL;
import static org.enclosure.snp.transitions.Trial.UNCOVERED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;

/// Accesses of host and guests, and VMRUN.
final class AccessRules {
    private static final long READ = 1;
    private static final long WRITE = 2;
    private static final long SHADOW_STACK = 16;
    private static final long SHARED = 0;
    private static final long PRIVATE = 1;
    private static final long HUGE = 2;
    private static final long PAGE = 4096;
    private static final String MISMATCH = "NPF RMP|ENC";

    private AccessRules() {
    }

    static void addTo(Map<Integer, Rule> rules) {
        hosts(rules);
        shared(rules);
        privates(rules);
        runs(rules);
    }

    private static String hostWrite(Trial trial, long spa, long size) {
        return trial.call("HOST.WRITE", spa, size) == 0 ? "OK" : trial.guest("HOST.WRITE", spa, size);
    }

    private static String access(Trial trial, long vmpl, long size, long kind, long cBit) {
        return access(trial, ASID, vmpl, trial.gpa, trial.at, size, kind, cBit);
    }

    private static String access(Trial trial, long asid, long vmpl, long gpa, long spa, long size, long kind,
            long cBit) {
        long[] operands = {asid, vmpl, 1, gpa, spa, size, kind, cBit};
        return trial.call("GUEST.ACCESS", operands) == 0 ? "OK" : trial.guest("GUEST.ACCESS", operands);
    }

    private static void hosts(Map<Integer, Rule> rules) {
        rules.put(70, new Rule("HOST_WRITE / host page-table A-D write", trial -> {
            assertEquals("OK", hostWrite(trial, REGION, LARGE), "2M");
            assertEquals("OK", hostWrite(trial, REGION, HUGE), "1G");
            assertEquals("OK", hostWrite(trial, UNCOVERED, SMALL), "no entry");
            return hostWrite(trial, trial.at, SMALL);
        }).from("HYPERVISOR", "HYPERVISOR x512", "HYPERVISOR head"));
        rules.put(71, new Rule("HOST_WRITE", trial -> {
            assertEquals("PF RMP", hostWrite(trial, REGION, LARGE), "2M");
            assertEquals("PF RMP", hostWrite(trial, REGION, HUGE), "1G");
            return hostWrite(trial, trial.at, SMALL);
        }));
        rules.put(72, new Rule("HOST_READ", trial -> {
            long status = trial.call("HOST.READ64", trial.at);
            long seen = trial.out("HOST.READ64", "value");
            if (trial.start.isGuest()) {
                assertNotEquals(CONTENT, seen, "ciphertext");
            } else {
                assertEquals(CONTENT, seen, "plaintext");
            }
            return status == 0 ? "OK" : "status " + status;
        }));
    }

    private static void shared(Map<Integer, Rule> rules) {
        rules.put(73, new Rule("NON_SNP_GUEST_WRITE", trial -> trial.guest("GUEST.ACCESS", OTHER_ASID, 0, 0, trial.gpa,
                trial.at, SMALL, WRITE, SHARED)));
        rules.put(74, new Rule("SNP_GUEST_ACCESS C=0 write", trial -> access(trial, 0, SMALL, WRITE, SHARED)));
        rules.put(75, new Rule("SNP_GUEST_ACCESS C=0 read", trial -> access(trial, 0, SMALL, READ, SHARED)));
    }

    private static void privates(Map<Integer, Rule> rules) {
        rules.put(76, new Rule("SNP_GUEST_ACCESS C=1", trial -> {
            boolean isMine = trial.start.name().startsWith("GUEST_");
            long gpa = isMine ? trial.gpa + PAGE : trial.gpa;
            assertEquals(MISMATCH, access(trial, ASID, 0, trial.gpa, UNCOVERED, SMALL, READ, PRIVATE), "no entry");
            assertEquals(MISMATCH, access(trial, ASID, 0, gpa, trial.at, SMALL, READ, PRIVATE), "another gpa");
            return access(trial, isMine ? OTHER_ASID : ASID, 0, trial.gpa, trial.at, SMALL, WRITE, PRIVATE);
        }));
        rules.put(77, new Rule("SNP_GUEST_ACCESS C=1",
                trial -> access(trial, 0, trial.start.isLarge() ? SMALL : LARGE, READ, PRIVATE))
                .from("GUEST_* 4K head", "GUEST_* 2M"));
        rules.put(78, new Rule("SNP_GUEST_ACCESS C=1", trial -> {
            assertEquals("VC 0x404", access(trial, 3, SMALL, WRITE, PRIVATE), "before the permissions");
            return access(trial, 0, SMALL, READ, PRIVATE);
        }));
        rules.put(79, new Rule("SNP_GUEST_ACCESS C=1", trial -> {
            assertEquals("OK", access(trial, 3, SMALL, READ, PRIVATE), "permitted");
            assertEquals("NPF RMP|ENC|VMPL|SSS", access(trial, 1, SMALL, SHADOW_STACK, PRIVATE), "shadow stack");
            return access(trial, 3, SMALL, WRITE, PRIVATE);
        }));
    }

    private static void runs(Map<Integer, Rule> rules) {
        Start state = Start.of("GUEST_VALID+VMSA").getFirst();
        rules.put(80, new Rule("VMRUN", trial -> trial.guest("VMRUN", ASID, trial.at, FREE))
                .arrange(trial -> trial.put(FREE, state, 0x7000)));
        rules.put(81, new Rule("VMRUN", trial -> {
            assertEquals(MISMATCH, trial.guest("VMRUN", ASID, FREE, UNCOVERED), "no entry");
            assertEquals(MISMATCH, trial.guest("VMRUN", OTHER_ASID, FREE, trial.at), "another guest");
            return trial.guest("VMRUN", ASID, FREE, trial.at);
        }).answers(MISMATCH));
        rules.put(82, new Rule("VMRUN", trial -> trial.guest("VMRUN", ASID, FREE, trial.at)).answers("EAX=0").to("open")
                .after(trial -> {
                    for (String refused : new String[] {trial.rmpupdate(trial.at, 0, SMALL, 0, 0, 0),
                            trial.rmpadjust(0, SMALL, 1, 0, 0), trial.rmpupdate(FREE, 1, SMALL, 0, 0x7000, ASID)}) {
                        assertEquals("EAX=3", refused, "in use");
                    }
                    trial.host("TEST.CLEAR_IN_USE", trial.at);
                    assertEquals("EAX=0", trial.rmpadjust(0, SMALL, 1, 0, 0), "after #VMEXIT");
                }));
    }
}
