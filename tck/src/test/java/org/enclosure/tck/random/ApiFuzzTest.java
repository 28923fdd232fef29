package org.enclosure.tck.random;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.enclosure.software.SoftwareProvider;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.testarch.TestProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bad input by the thousand. More calls: `-Denclosure.fuzz.calls=1000000`; the same again: `-Denclosure.seed=N`.
class ApiFuzzTest {
    private static final int CALLS = Integer.getInteger("enclosure.fuzz.calls", 3_000);
    /// After so many, all is closed and made anew.
    private static final int EACH = 300;
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());

    @Test
    @Timeout(600)
    void shouldAnswerAnyArgumentsAndChangeNothingOnError() {
        ApiFuzz fuzz = new ApiFuzz(Choices.of(SEED));
        System.out.println("seed " + SEED);
        for (Plugin plugin : List.of(Plugin.of(new SoftwareProvider()).builtIn(), Plugin.of(new TestProvider()))) {
            for (VmType type : plugin.testedTypes()) {
                for (int done = 0; done < CALLS; done += EACH) {
                    fuzz.run(plugin, type, Math.min(EACH, CALLS - done));
                }
            }
        }
        System.out.println(fuzz.answers());
        assertTrue(fuzz.answers().getOrDefault("answered", 0) > CALLS / 4, fuzz.answers()::toString);
        assertTrue(fuzz.answers().getOrDefault("EINVAL", 0) > CALLS / 4, fuzz.answers()::toString);
    }
}
