package org.enclosure.snp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
import org.enclosure.spi.PhysicalMemory;
import org.junit.jupiter.api.Test;

class AccessCheckTest {
    private static final long PAGES = 1024;
    private static final long ASID = 5;
    private static final long[] PFNS = {3, 512};
    private static final long[] GPAS = {0, 0x4000_0000L};
    private static final long[] FLAGS = {RmpEntry.ASSIGNED, RmpEntry.LARGE, RmpEntry.IMMUTABLE, RmpEntry.VMSA,
            RmpEntry.VALIDATED, ASID << RmpEntry.ASID_SHIFT, GPAS[1]};

    @Test
    void theOneComparisonShouldGrantWhatTheRulesGrantForEachKindOfEntry() {
        try (Arena arena = Arena.ofConfined()) {
            PhysicalMemory memory = new PhysicalMemory(arena.allocate(PAGES << 12, 4096), 0);
            SnpMachine machine = SnpMachine.of(memory, RmpGeometry.pages(PAGES), PAGES);
            int granted = 0;
            for (long pfn : PFNS) {
                for (int kind = 0; kind < 1 << FLAGS.length; kind++) {
                    assertEquals(RmpCode.SUCCESS, machine.forceEntry(pfn << Paging.PAGE_SHIFT, entry(kind), 0));
                    granted += grantedTo(machine.access(), pfn, 0) + grantedTo(machine.access(), pfn, ASID);
                }
            }
            assertEquals(8, granted, "at two pages, at two addresses each, with and without VMSA");
        }
    }

    private static long entry(int kind) {
        long lo = 0;
        for (int bit = 0; bit < FLAGS.length; bit++) {
            lo |= (kind >> bit & 1) != 0 ? FLAGS[bit] : 0;
        }
        return lo;
    }

    private static int grantedTo(AccessCheck access, long pfn, long asid) {
        int granted = 0;
        for (long gpa : GPAS) {
            boolean byRules = access.guestPrivate(asid, 0, gpa, pfn << 12, false, AccessCheck.READ) == Outcome.OK;
            assertEquals(byRules, access.isPlain(AccessCheck.plainOwner(asid), gpa, pfn), () -> "page " + pfn
                    + " for asid " + asid + " at 0x" + Long.toHexString(gpa));
            granted += byRules ? 1 : 0;
        }
        return granted;
    }
}
