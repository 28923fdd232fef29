package org.enclosure.fuzz.tdx;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;

/// Any SEAMCALL with any operands, between whatever the guest does: a status of the ABI, and tables that make sense.
class SeamcallFuzzTest {
    private static final int MOST_STEPS = 512;
    private static final int CHECK_EVERY = 16;

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyOperandsAndKeepTheTablesConsistent(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        try (HostileVmm vmm = new HostileVmm(choices)) {
            for (int step = 0; step < MOST_STEPS && choices.hasMore(); step++) {
                vmm.step();
                if (step % CHECK_EVERY == 0) {
                    vmm.checkTables();
                }
            }
            vmm.checkTables();
        }
    }
}
