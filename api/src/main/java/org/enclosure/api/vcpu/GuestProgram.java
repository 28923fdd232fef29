package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A guest, as a Java program.
@FunctionalInterface
@API(status = EXPERIMENTAL, since = "0.1")
public interface GuestProgram {
    /// Runs on one vCPU until it returns. It touches the world through `cpu` alone, and lets whatever a call on `cpu` throws
    /// pass through: that is how a vCPU is stopped.
    void run(GuestCpu cpu);
}
