package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.PhysicalAccess;

/// One machine: its memory, its platform, its VMs. Any thread.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Host extends AutoCloseable {
    /// Id of its platform.
    String architecture();

    /// Creates a VM.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an unknown type (the message lists those there are), an
    ///         illegal option, or a policy that the type's traits forbid; ENOMEM
    Vm createVm(VmOptions options);

    /// Creates an empty address space, as a process has one.
    HostAddressSpace createAddressSpace();

    /// The host's raw access to its memory.
    PhysicalAccess physical();

    /// Gives free memory back to the operating system, in whole blocks of 2M or more.
    ///
    /// @return bytes given back
    long trim();

    /// What is used and free.
    HostStats stats();

    /// Closes all VMs and gives the memory back.
    ///
    /// @throws IllegalStateException if a vCPU runs
    @Override
    void close();
}
