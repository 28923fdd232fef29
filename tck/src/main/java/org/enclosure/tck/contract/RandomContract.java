package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.random.Histogram;
import org.enclosure.tck.random.RandomDriver;

/// Random steps of guests, hosts and devices on two VMs, with the oracle behind each. More of them, for each type and size of
/// pages: `-Denclosure.driver.steps=1000000`; the same again: `-Denclosure.seed=N`.
public abstract class RandomContract extends TypeContract {
    private static final int STEPS = Integer.getInteger("enclosure.driver.steps", 1_000);
    /// From so many steps on, everything has to occur often.
    private static final int MANY = 40_000;
    private static final int OFTEN = 100;

    /// Creates the contract of a plugin.
    protected RandomContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void theOracleShouldAgreeAfterEveryStep(VmType type) {
        long seed = Seeds.next("driver of " + type.id());
        Histogram histogram = new Histogram();
        new RandomDriver(plugin(), type, "4k", seed).run(STEPS, histogram);
        if (type.traits().maxLevel() > 1) {
            new RandomDriver(plugin(), type, "2m", ~seed).run(STEPS, histogram);
        }
        System.out.println(histogram);
        if (STEPS >= MANY) {
            checkCounts(histogram);
        }
    }

    private static void checkCounts(Histogram histogram) {
        for (String operation : histogram.operations()) {
            assertTrue(histogram.operations(operation) >= OFTEN, operation + ": too seldom\n" + histogram);
        }
        String conversion = histogram.operations("convert") > 0 ? "convert" : "guest share";
        int done = histogram.count(conversion, "done");
        assertTrue(done * 10 >= 3 * histogram.operations(conversion), "too few conversions succeed\n" + histogram);
    }
}
