package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.vcpu.RegisterFile;

/// One vCPU on its platform: entry and exit, admission of accesses, guest instructions.
///
/// Called on the vCPU's thread, except `leave`, which whoever kicks the vCPU may call instead. No call waits, allocates, or
/// throws for anything that a guest can cause.
@API(status = EXPERIMENTAL, since = "0.1")
public interface VcpuBackend extends AutoCloseable {
    /// Reason of `leave`: a fault that the host has to resolve.
    int LEFT_FAULT = 0;
    /// Reason of `leave`: a request to the host.
    int LEFT_CALL = 1;
    /// Reason of `leave`: kicked.
    int LEFT_KICK = 2;
    /// Reason of `leave`: the guest program or the VMM ended the run.
    int LEFT_STOP = 3;

    /// Enters the guest.
    ///
    /// @param call the call whose answer the entry delivers, cleared if none
    /// @return OK, perhaps FLUSH_TLB; DENIED or VM_DEAD
    long enter(GuestCall call, FaultDetail detail);

    /// Leaves the guest for one of the reasons above.
    void leave(int reason, FaultDetail detail);

    /// Judges one access before its translation goes into the TLB: the one call per TLB fill.
    ///
    /// @param gfn without the address tag
    /// @param leaf the engine's leaf where it owns this half, else [Leaf#NONE]
    /// @param access bits of [org.enclosure.api.Access]
    /// @return a [Leaf] (positive) to use; FAULT, SPLIT, TO_GUEST, TO_VMM or VM_DEAD with the detail
    long admit(long gfn, long leaf, int access, FaultDetail detail);

    /// Executes a guest instruction.
    ///
    /// @param instruction the architecture's own number
    /// @return OK, perhaps STALE or REQUEST; NEED_LEAF, NEED_PAGE, FAULT, SPLIT (all: then the instruction is executed again);
    ///         TO_GUEST, TO_VMM, VM_DEAD
    long trap(int instruction, RegisterFile registers, GuestCall call);

    /// Tells the guest what the host did about the request in `call`.
    ///
    /// @param hostStatus OK, or a negative status: DENIED (refused) or RETRY (busy, try again); for a request
    ///        [GuestCall#HYPERCALL] OK means that `call.args[0]` holds the VMM's result
    /// @return OK (the guest goes on), REQUEST (the next part of the same call) or NEED_PAGE
    long answer(GuestCall call, long hostStatus, RegisterFile registers);

    /// Gives the vCPU's frames back to its frame cache.
    @Override
    void close();
}
