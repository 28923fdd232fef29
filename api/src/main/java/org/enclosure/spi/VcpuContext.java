package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// What a vCPU's backend is created with.
///
/// @param index 0 for the boot vCPU, below the VM's `maxVcpus`
/// @param frames frames for what the vCPU itself needs
@API(status = EXPERIMENTAL, since = "0.1")
public record VcpuContext(int index, FrameCache frames) {
}
