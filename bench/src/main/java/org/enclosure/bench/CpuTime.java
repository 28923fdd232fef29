package org.enclosure.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Counts the processor time of all threads that take part in the batches. Where the machine does other work, threads wait for
/// processors; what two of them cost each other shows in their processor time all the same.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Processor time of all batches of all threads.
    public long cpuNanos;
    /// Batches of all threads.
    public long batches;

    /// Processor time of the calling thread so far.
    static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /// Adds one batch of one thread.
    void add(long nanos) {
        cpuNanos += nanos;
        batches++;
    }
}
