package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.VmExit;

/// The VMM's face of a vCPU.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Vcpu extends AutoCloseable {
    /// Number of this vCPU, 0 for the boot vCPU.
    int index();

    /// Runs a guest on the calling thread, which must be a platform thread, until it ends, the handler stops it, or an exit
    /// cannot be resumed.
    ///
    /// @param handler called on this thread at each exit; the view that it gets is valid during the call
    /// @return the exit that ended the run, valid until the next run
    /// @throws IllegalStateException if the vCPU runs already, its VM is closed, or the thread is virtual
    VmExit run(GuestProgram guest, ExitHandler handler);

    /// Makes a running vCPU leave the guest at its next memory access or poll, with the exit INTERRUPTED. Any thread.
    void kick();

    /// Holds a running vCPU at its next memory access or poll, until [#resume()]; returns when it is held, or at once if it
    /// does not run. Any thread but the vCPU's own.
    void pause();

    /// Lets a paused vCPU go on.
    void resume();

    /// What this vCPU has counted.
    VcpuStats stats();

    /// Ends the vCPU; it does not run.
    @Override
    void close();
}
