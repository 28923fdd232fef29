package org.enclosure.tck.random;

import java.util.SplittableRandom;

/// Where a random run gets its choices from: a seed, or the bytes of a fuzzer that watches what they reach. For one thread.
public interface Choices {
    /// Choices without an end, the same ones for a seed.
    static Choices of(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        return new Choices() {
            @Override
            public boolean hasMore() {
                return true;
            }

            @Override
            public int nextInt(int bound) {
                return dice.nextInt(bound);
            }

            @Override
            public long nextLong() {
                return dice.nextLong();
            }

            @Override
            public boolean nextBoolean() {
                return dice.nextBoolean();
            }
        };
    }

    /// Whether anything is left to choose by; without it every choice is the same.
    boolean hasMore();

    /// A number from 0 on.
    ///
    /// @param bound the first number that it is not; positive
    int nextInt(int bound);

    /// Any number.
    long nextLong();

    /// Yes or no.
    boolean nextBoolean();
}
