package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.PhysicalAccess;
import org.enclosure.api.store.StoreKind;

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

    /// Moves free memory into the pool of huge pages of a kind, for stores of that kind; it stays there until the host is closed.
    ///
    /// @param count how many pages more
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for the kind ORDINARY or a negative count; ENOMEM if there are not
    ///         as many free blocks of that size: then none is moved
    void growPool(StoreKind kind, int count);

    /// The pool of a kind.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for the kind ORDINARY
    PoolStats poolStats(StoreKind kind);

    /// The memory at a host physical address fails. A page of a store or a mapping is taken from everybody: the guest's next
    /// access is a MEMORY_FAULT with EHWPOISON, the host's a [org.enclosure.api.host.HostAccessException.Signal#POISONED],
    /// until the page is punched or discarded; then its frame is out of use for good. A free frame is out of use at once, a
    /// free page of a pool with it.
    ///
    /// @return whether the page belonged to a store or a mapping
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if there is no such memory; EBUSY if the engine or an
    ///         architecture keeps its own data there (such a failure ends the host), or the frame lies in reserve: nobody
    ///         gets it any more; EIO if the architecture does not let the page go; ENOMEM if it is in a huge mapping that
    ///         cannot be split for want of a table. The last two change nothing
    boolean memoryFailure(long pa);

    /// Gives free memory back to the operating system, in whole blocks of 2M or more.
    ///
    /// @return bytes given back
    /// @throws org.enclosure.api.GuestMemoryException EBADF if the host is closed
    long trim();

    /// What is used and free.
    HostStats stats();

    /// Closes all VMs and gives the memory back.
    ///
    /// @throws IllegalStateException if a vCPU runs
    @Override
    void close();
}
