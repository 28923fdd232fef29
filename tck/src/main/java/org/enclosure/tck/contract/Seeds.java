package org.enclosure.tck.contract;

/// Seeds of random tests: printed, and taken back by a system property.
final class Seeds {
    private static final String PROPERTY = "enclosure.seed";

    private Seeds() {
    }

    /// A seed for one test: that of the property if it is set, else a new one; prints it.
    static long next(String test) {
        long seed = Long.getLong(PROPERTY, System.nanoTime());
        System.out.println(test + ": seed " + seed + "; again with -D" + PROPERTY + "=" + seed);
        return seed;
    }
}
