package org.enclosure.api.exit;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// Why a vCPU came back to its VMM.
@API(status = STABLE, since = "0.1")
public enum ExitReason {
    /// The guest accessed a page in a kind that it does not have, or the page could not be resolved (KVM_EXIT_MEMORY_FAULT).
    MEMORY_FAULT(39),
    /// The guest asks for a conversion or makes another call that the VMM answers (KVM_EXIT_HYPERCALL).
    HYPERCALL(3),
    /// The guest takes a page back that the host may still hold (the exit of the UNSHARE flow).
    UNSHARE(-1),
    /// There is no memory at the address (KVM_EXIT_MMIO).
    MMIO(6),
    /// The guest died of an exception that it did not handle, or its architecture killed it (KVM_EXIT_SHUTDOWN).
    SHUTDOWN(8),
    /// The engine or the architecture's tables could not go on (KVM_EXIT_INTERNAL_ERROR).
    ERROR(17),
    /// There is no room in the vCPU's dirty ring (KVM_EXIT_DIRTY_RING_FULL).
    DIRTY_RING_FULL(31),
    /// The vCPU was kicked (EINTR).
    INTERRUPTED(10),
    /// The guest program returned (KVM_EXIT_HLT).
    HALTED(5);

    private final int number;

    ExitReason(int number) {
        this.number = number;
    }

    /// The number that KVM gives this exit on x86, or -1 where it has none.
    public int number() {
        return number;
    }
}
