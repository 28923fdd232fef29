package org.enclosure.tck.machine;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/// Counts, to the byte, what the calling thread has allocated on the Java heap; asking allocates nothing.
///
/// The JVM allocates for itself now and then. So a test measures several windows, and the least counts: what the path under test
/// allocates is in every one.
public final class AllocationProbe {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProbe() {
    }

    /// Bytes so far.
    public static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
