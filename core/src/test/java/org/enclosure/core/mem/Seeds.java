package org.enclosure.core.mem;

import java.util.Random;

/// Random numbers that can be had again: `-Denclosure.test.seed=N`.
public final class Seeds {
    private Seeds() {
    }

    /// Prints the seed that it starts from.
    public static Random random(String what) {
        long seed = Long.getLong("enclosure.test.seed", System.nanoTime());
        System.out.println(what + ": -Denclosure.test.seed=" + seed);
        return new Random(seed);
    }
}
