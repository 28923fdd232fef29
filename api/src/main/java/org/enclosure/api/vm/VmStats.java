package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.vcpu.VcpuStats;

/// A snapshot of a VM's counters; taken without stopping it.
///
/// @param vcpus sum over all vCPUs that there are or were
/// @param conversions conversions
/// @param shootdowns times that translations were taken from the vCPUs
/// @param tableFrames frames in use as stage-2 tables of the engine
@API(status = EXPERIMENTAL, since = "0.1")
public record VmStats(VcpuStats vcpus, ConversionStats conversions, long shootdowns, long tableFrames) {
}
