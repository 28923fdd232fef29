package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.store.MemoryStats;
import org.enclosure.api.vcpu.VcpuStats;

/// A snapshot of a VM's counters; taken without stopping it.
///
/// @param vcpus sum over all vCPUs that there are or were
/// @param conversions conversions
/// @param shootdowns times that translations were taken from the vCPUs
/// @param memory what its stores hold, and the VM's limit
/// @param tableFrames frames in use as stage-2 tables of the engine
/// @param mapped4k 4K mappings in these tables
/// @param mapped2m 2M mappings in these tables
/// @param mapped1g 1G mappings in these tables
@API(status = EXPERIMENTAL, since = "0.1")
public record VmStats(VcpuStats vcpus, ConversionStats conversions, long shootdowns, MemoryStats memory,
        long tableFrames,
        long mapped4k, long mapped2m, long mapped1g) {
}
