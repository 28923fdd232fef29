package org.enclosure.bench;

import java.util.function.LongSupplier;

import org.enclosure.core.translation.Backoff;

/// Whether another thread runs at the same moment as the caller: on a machine that does other work, two threads often take
/// turns, and then what they do to each other cannot be measured.
final class Simultaneous {
    private static final long SOON_NANOS = 5_000;
    private static final long PATIENCE_NANOS = 20_000_000;
    private static final int TIMES = 4;

    private Simultaneous() {
    }

    /// Waits until a counter of the other thread was seen to move, several times, too soon for the two to have taken turns; gives
    /// up after a while, because a machine may have one processor.
    static void await(LongSupplier counter) {
        long begin = System.nanoTime();
        for (int times = 0; times < TIMES && System.nanoTime() - begin < PATIENCE_NANOS;) {
            long start = System.nanoTime();
            awaitMove(counter);
            times = System.nanoTime() - start < SOON_NANOS ? times + 1 : 0;
        }
    }

    private static void awaitMove(LongSupplier counter) {
        long seen = counter.getAsLong();
        for (int round = 0; counter.getAsLong() == seen; round++) {
            Backoff.pause(round);
        }
    }
}
