package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apiguardian.api.API;

/// What one vCPU has counted since it was created, or a VM's sum of these. Read without stopping the vCPU, so the counters of
/// one snapshot may be a few events apart.
///
/// @param faults faults by outcome: `fixed`, `spurious`, `retry`, `exit`
/// @param exits exits by reason, in lower case
/// @param tlbFills translations that were put into the TLB
/// @param tlbFlushes times the TLB was flushed, in part or whole
@API(status = EXPERIMENTAL, since = "0.1")
public record VcpuStats(Map<String, Long> faults, Map<String, Long> exits, long tlbFills, long tlbFlushes) {
    /// Copies the maps, keeping their order.
    public VcpuStats {
        faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        exits = Collections.unmodifiableMap(new LinkedHashMap<>(exits));
    }
}
