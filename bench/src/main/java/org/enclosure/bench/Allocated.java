package org.enclosure.bench;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Counts, to the byte, what the measuring thread allocates inside of the batches; the gc profiler's figure would hold what JMH
/// allocates between them.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Allocated {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Bytes allocated in all batches.
    public long allocatedBytes;
    /// Batches.
    public long batches;
    private long before;

    /// A batch begins.
    void begin() {
        before = THREADS.getCurrentThreadAllocatedBytes();
    }

    /// A batch is over.
    void end() {
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        batches++;
    }
}
