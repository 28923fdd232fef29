package org.enclosure.tck.random;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.software.SoftwareProvider;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.testarch.TestProvider;
import org.junit.jupiter.api.Test;

/// Everything at random, on every VM type that is here. More steps: `-Denclosure.driver.steps=1000000`; another seed or the same
/// again: `-Denclosure.seed=N`.
class RandomDriverTest {
    private static final int STEPS = Integer.getInteger("enclosure.driver.steps", 40_000);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());
    private static final int OFTEN = 100;

    /// All but those by which an architecture refuses.
    private static final Set<Errno> ERRORS = EnumSet.complementOf(EnumSet.of(Errno.EIO, Errno.EPERM));

    @Test
    void shouldAgreeWithTheOracleAfterEveryStep() {
        Histogram histogram = new Histogram();
        int each = STEPS / 8;
        System.out.println(STEPS + " steps, seed " + SEED);
        for (Plugin plugin : List.of(Plugin.of(new SoftwareProvider()).builtIn(), Plugin.of(new TestProvider()))) {
            for (VmType type : plugin.testedTypes()) {
                new RandomDriver(plugin, type, "4k", SEED).run(each, histogram);
                new RandomDriver(plugin, type, "2m", ~SEED).run(each, histogram);
            }
        }
        Plugin software = Plugin.of(new SoftwareProvider()).builtIn();
        for (VmType type : software.testedTypes()) {
            new RandomDriver(software, type, "4k", SEED + 1).deferring().run(each, histogram);
        }
        System.out.println(histogram);
        for (String operation : histogram.operations()) {
            assertTrue(histogram.operations(operation) >= OFTEN, operation + ": too seldom\n" + histogram);
        }
        for (Errno errno : ERRORS) {
            assertTrue(histogram.outcomes(errno.toString()) >= OFTEN, errno + ": too seldom\n" + histogram);
        }
        int done = histogram.count("convert", "done");
        assertTrue(done * 10 >= 3 * histogram.operations("convert"), "too few conversions succeed\n" + histogram);
    }
}
