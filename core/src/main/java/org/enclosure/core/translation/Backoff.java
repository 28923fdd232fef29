package org.enclosure.core.translation;

import java.util.concurrent.locks.LockSupport;

/// How this engine waits for another thread: spins, then yields, then parks for a moment. Never inside a mark.
public final class Backoff {
    private static final int TRIES = 3;
    private static final int SPINS = 1000;
    private static final int YIELDS = 100;
    private static final long PARK_NANOS = 20_000;

    private Backoff() {
    }

    /// Waits once more.
    ///
    /// @param round how often this was called before, from 0
    @SuppressWarnings("ThreadPriorityCheck") // a hint between spinning and sleeping, nothing depends on it
    public static void pause(int round) {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else if (round < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    /// Between two tries of an access or an instruction. What comes after a fault that was resolved is tried at once, for one
    /// spin would be a tenth of the fault; whoever has failed again and again waits.
    ///
    /// @param round how often it failed before, from 0
    public static void again(int round) {
        if (round >= TRIES) {
            pause(round - TRIES);
        }
    }
}
