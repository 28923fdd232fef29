package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Map;

import org.apiguardian.api.API;

/// What a VM's backend is created with.
///
/// @param type one of the provider's own VM types
/// @param maxVcpus how many vCPUs the VM may get
/// @param rootPfn first frame of the zeroed root table of the engine's stage 2, or -1 where the engine owns no half
/// @param frames frames for what the VM itself needs (control pages); owned by the backend until `close` has pushed all back
/// @param options the VM's settings for this architecture, by name
@API(status = EXPERIMENTAL, since = "0.1")
public record VmContext(VmType type, int maxVcpus, long rootPfn, FrameCache frames, Map<String, String> options) {
    /// Copies the map.
    public VmContext {
        options = Map.copyOf(options);
    }
}
