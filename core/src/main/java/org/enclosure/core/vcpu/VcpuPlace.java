package org.enclosure.core.vcpu;

import java.util.LinkedHashMap;
import java.util.Map;

import org.enclosure.api.vcpu.VcpuStats;

/// Who takes a vCPU's place: a vCPU or an access resolver.
public sealed interface VcpuPlace extends AutoCloseable permits VcpuImpl, AccessResolverImpl {
    /// Number of the place.
    int index();

    /// Whether a thread is inside.
    boolean isRunning();

    /// What it has counted.
    VcpuStats stats();

    @Override
    void close();

    /// The counters of an access path.
    static VcpuStats statsOf(VcpuMemory memory) {
        Map<String, Long> faults = new LinkedHashMap<>();
        Map<String, Long> exits = new LinkedHashMap<>();
        memory.context.counters().addFaults(faults);
        memory.context.counters().addExits(exits);
        return new VcpuStats(faults, exits, memory.fills(), memory.flushes());
    }
}
