package org.enclosure.tck.probe;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/// Counts, to the byte, what the calling thread has allocated on the Java heap; asking allocates nothing.
///
/// The JVM allocates for itself now and then. So [#least] measures several windows: what the path under test allocates is in every
/// one.
public final class AllocationProbe {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProbe() {
    }

    /// The least that a window of rounds allocates, in bytes; the first window without any is the last.
    ///
    /// @param windows how many are measured at most
    /// @param rounds how often the path runs in each; it has run as often before the first
    public static long least(int windows, int rounds, Runnable path) {
        window(rounds, path);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < windows && least != 0; i++) {
            least = Math.min(least, window(rounds, path));
        }
        return least;
    }

    private static long window(int rounds, Runnable path) {
        long before = bytes();
        for (int i = 0; i < rounds; i++) {
            path.run();
        }
        return bytes() - before;
    }

    /// Bytes so far.
    public static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
