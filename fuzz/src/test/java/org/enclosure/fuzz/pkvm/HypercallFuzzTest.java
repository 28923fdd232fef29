package org.enclosure.fuzz.pkvm;

import java.util.List;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;

/// Any registers of a protected guest at an HVC, between any calls of a hostile host: an answer of the ABI, and no page that a guest
/// has alone within reach of anybody else.
class HypercallFuzzTest {
    private static final List<String> PROFILES = List.of("7.1", "android16", "union");
    private static final int MOST_STEPS = 256;

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyRegistersAndKeepWhatGuestsHaveAlone(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        try (HostileHost host = new HostileHost(choices, PROFILES.get(choices.nextInt(PROFILES.size())))) {
            for (int step = 0; step < MOST_STEPS && choices.hasMore(); step++) {
                host.step();
            }
        }
    }
}
