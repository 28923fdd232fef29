package org.enclosure.snp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Random;

import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.PhysicalMemory;
import org.junit.jupiter.api.Test;

/// Random instructions on a few pages, against what must always hold.
class RmpRandomTest {
    private static final int ROUNDS = 60_000;
    private static final long PAGES = 1536;
    private static final long[] SPAS = {0, 1, 2, 0x1ff, 0x200, 0x201, 0x3ff, 0x400, 0x401, 0x5ff, 0x600};

    @Test
    void shouldKeepItsInvariantsUnderRandomInstructions() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("seed " + seed + "; again with -Denclosure.seed=" + seed);
        Random random = new Random(seed);
        int[] codes = new int[0x20];
        try (Arena arena = Arena.ofConfined()) {
            PhysicalMemory memory = new PhysicalMemory(arena.allocate(PAGES << 12, 4096), 0);
            SnpMachine machine = SnpMachine.of(memory, RmpGeometry.pages(PAGES), PAGES);
            for (int round = 0; round < ROUNDS; round++) {
                codes[step(machine, random) & 0x1f]++;
                if (round % 64 == 0) {
                    checkCounts(machine);
                }
            }
        }
        for (int code : new int[] {RmpCode.SUCCESS, RmpCode.FAIL_INPUT, RmpCode.FAIL_PERMISSION, RmpCode.FAIL_OVERLAP,
                RmpCode.FAIL_SIZEMISMATCH}) {
            assertTrue(codes[code] >= 20, "code " + code + " was met " + codes[code] + " times");
        }
    }

    private static int step(SnpMachine machine, Random random) {
        long spa = SPAS[random.nextInt(SPAS.length)] << 12;
        boolean large = random.nextInt(3) == 0;
        long asid = 5L + random.nextInt(2);
        long gpa = (random.nextBoolean() ? 0x4000_0000L : 0x8000_0000L) + spa;
        long pfn = spa >>> 12;
        long before = machine.rmp().covers(pfn) ? machine.rmp().lo(pfn) : 0;
        int code = switch (random.nextInt(7)) {
            case 0, 1 -> update(machine, random, spa, gpa, large, asid, before);
            case 2 -> machine.host().psmash(spa);
            case 3 -> machine.pages().reclaim(spa, large) == 0 ? 0 : 0x1f;
            case 4 -> machine.pages().launchUpdate(asid, spa, large, 1 + random.nextInt(6), 0) == 0 ? 0 : 0x1f;
            case 5 ->
                Outcome.eax(machine.guest().rmpadjust(asid, 0, gpa, spa, large, random.nextInt(4), random.nextInt(32),
                        random.nextBoolean()));
            default -> validate(machine, random, spa, gpa, large, asid, before);
        };
        return code;
    }

    private static int update(SnpMachine machine, Random random, long spa, long gpa, boolean large, long asid,
            long before) {
        boolean assigned = random.nextInt(3) != 0;
        boolean immutable = random.nextInt(4) == 0;
        long high = RmpState.high(assigned, large, false, immutable, assigned ? asid : 0);
        int code = machine.host().rmpupdate(spa, assigned ? gpa : 0, high, random.nextInt(16) == 0);
        long after = machine.rmp().covers(spa >>> 12) ? machine.rmp().lo(spa >>> 12) : 0;
        boolean wasValid = (before & RmpEntry.VALIDATED) != 0;
        assertTrue(wasValid || (after & RmpEntry.VALIDATED) == 0, "RMPUPDATE never validates");
        if ((before & RmpEntry.IMMUTABLE) != 0 || code != RmpCode.SUCCESS) {
            assertEquals(before, after, "an immutable entry, and one after a failure, is as it was");
        }
        if (code == RmpCode.SUCCESS && wasValid && (after & RmpEntry.VALIDATED) != 0) {
            assertEquals(0, (before ^ after) & ~(RmpEntry.IMMUTABLE | RmpEntry.COUNT_MASK),
                    "nothing but immutable changed");
        }
        return code;
    }

    private static int validate(SnpMachine machine, Random random, long spa, long gpa, boolean large, long asid,
            long before) {
        boolean validate = random.nextInt(4) != 0;
        long outcome = machine.guest().pvalidate(asid, gpa, spa, large, validate);
        if (Outcome.kind(outcome) == Outcome.DONE && Outcome.eax(outcome) == 0) {
            int state = PageState.of(machine.rmp().lo(spa >>> 12));
            assertEquals(validate ? PageState.GUEST_VALID : PageState.GUEST_INVALID, state);
            assertEquals(asid, RmpEntry.asid(before), "only the owner validates");
            assertEquals((before & RmpEntry.VALIDATED) != 0 == validate, Outcome.carry(outcome),
                    "carry says unchanged");
        }
        return Outcome.eax(outcome);
    }

    /// The count in the first entry of a region is the number of assigned entries behind it.
    private static void checkCounts(SnpMachine machine) {
        for (long first = 0; first < PAGES; first += 512) {
            RmpRegion region = machine.rmp().region(first);
            if (region == null || (region.headLo() & RmpEntry.LARGE) != 0) {
                continue;
            }
            long assigned = 0;
            for (int index = 1; index < RmpRegion.PAGES; index++) {
                assigned += region.ownLo(index) & RmpEntry.ASSIGNED;
            }
            assertEquals(assigned, RmpEntry.count(region.headLo()), "region of page 0x" + Long.toHexString(first));
        }
    }
}
