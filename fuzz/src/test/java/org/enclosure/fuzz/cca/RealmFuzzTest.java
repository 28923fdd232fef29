package org.enclosure.fuzz.cca;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;

/// Any registers of a host at an RMI and of a realm at an RSI, and anything in the run pages that RECs are entered with: a status
/// of the interface, granules that agree with one another, and no secret of the realm within reach of the host.
class RealmFuzzTest {
    private static final int MOST_STEPS = 256;
    /// What is wrong stays wrong for a while.
    private static final int STEPS_PER_LOOK = 8;

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyRegistersAndRunPagesAndKeepSecrets(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        try (HostileHost host = new HostileHost(choices)) {
            for (int step = 0; step < MOST_STEPS && choices.hasMore(); step++) {
                host.step();
                if (step % STEPS_PER_LOOK == 0) {
                    host.look();
                }
            }
            host.look();
        }
    }
}
