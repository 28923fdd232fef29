package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The guest's exception handler.
@FunctionalInterface
@API(status = EXPERIMENTAL, since = "0.1")
public interface GuestEventHandler {
    /// Handles one event, on the vCPU's thread, inside of the guest.
    ///
    /// @param event a constant of [GuestEvent]
    /// @param gpa the address that was accessed, without the tag
    /// @return true to execute the access again; false to give up, which stops the vCPU with SHUTDOWN
    boolean handle(GuestCpu cpu, int event, long gpa);
}
