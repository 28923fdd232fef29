package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Map;

import org.apiguardian.api.API;

/// One VM on its platform. Lives until the last store that is bound to it is gone.
@API(status = EXPERIMENTAL, since = "0.1")
public interface VmBackend extends AutoCloseable {
    /// What is true of this VM: the traits of its type, perhaps narrowed by its options.
    VmTraits traits();

    /// What the host asks of the VM's tables.
    GuestTable table();

    /// Creates a vCPU; before the launch is finished.
    VcpuBackend createVcpu(VcpuContext context);

    /// Starts the launch; at most one per VM, before any vCPU runs.
    ///
    /// @param options the launch's settings, by name
    /// @throws IllegalArgumentException if an option is unknown or illegal
    LaunchSession launch(Map<String, String> options);

    /// A guest kernel's side of this architecture; one instance per call, used by one vCPU.
    GuestDriver guestDriver();

    /// Prepares the removal of all pages; called until it answers OK, then `remove` is called for all of them. Table frames
    /// that become free are pushed to `work.frames`, which the engine empties after each MORE.
    ///
    /// @return OK, MORE (call again) or RETRY
    long teardown(TableWork work);

    /// Gives all control frames back to the VM's frame cache.
    @Override
    void close();
}
