package org.enclosure.fuzz.snp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;

/// Any GHCB page and any value of the GHCB MSR, with any answers of the VMM: each exit comes to its end, with an answer that is
/// written down, and touches no byte of memory but the page's.
class GhcbFuzzTest {
    private static final int MOST_STEPS = 64;

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyGhcbAndTouchNothingElse(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        try (HostileGuest guest = new HostileGuest(choices, choices.nextBoolean() ? "snp" : "sev-es")) {
            for (int step = 0; step < MOST_STEPS && choices.hasMore(); step++) {
                guest.step();
            }
        }
    }
}
