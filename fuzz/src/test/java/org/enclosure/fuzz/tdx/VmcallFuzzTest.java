package org.enclosure.fuzz.tdx;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;

/// Any registers at a TDCALL: an answer of the ABI in the registers that the guest shows and in no other, and no private word for the
/// host.
class VmcallFuzzTest {
    private static final int MOST_STEPS = 128;

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyRegistersAndTouchNoOthers(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        try (HostileGuest guest = new HostileGuest(choices)) {
            for (int step = 0; step < MOST_STEPS && choices.hasMore(); step++) {
                guest.step();
            }
        }
    }
}
