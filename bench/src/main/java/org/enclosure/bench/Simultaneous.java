package org.enclosure.bench;

import java.util.function.LongSupplier;

/// Whether another thread runs at the same moment as the caller: on a machine that does other work, two threads often take
/// turns, and then what they do to each other cannot be measured.
final class Simultaneous {
    private static final long SOON_NANOS = 5_000;
    private static final long PATIENCE_NANOS = 50_000_000;
    private static final int TIMES = 4;

    private Simultaneous() {
    }

    /// Waits until a counter of the other thread was seen to move, several times, too soon for the two to have taken turns; gives
    /// up after a while, because a machine may have one processor. Spins: whoever sleeps does not run.
    static void await(LongSupplier counter) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (int times = 0; times < TIMES && System.nanoTime() < end;) {
            long start = System.nanoTime();
            awaitMove(counter, end);
            times = System.nanoTime() - start < SOON_NANOS ? times + 1 : 0;
        }
    }

    private static void awaitMove(LongSupplier counter, long end) {
        long seen = counter.getAsLong();
        while (counter.getAsLong() == seen && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
