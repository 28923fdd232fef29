package org.enclosure.api.exit;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// The body of a VMM's run loop.
@FunctionalInterface
@API(status = STABLE, since = "0.1")
public interface ExitHandler {
    /// A handler that leaves everything to the VM's policy.
    ExitHandler POLICY = exit -> ExitAction.RESUME;

    /// Called on the vCPU's thread, out of the guest, with no lock held: conversions, punches and slot changes are legal here.
    ///
    /// @param exit valid during this call
    ExitAction onExit(VmExit exit);
}
