package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A mapping in a host address space; revocable: pages that become private raise SIGBUS until they are shared again.
///
/// The accesses of [HostBytes] are made by a translation holder of the calling thread.
@API(status = EXPERIMENTAL, since = "0.1")
public interface HostMapping extends HostBytes, AutoCloseable {
    /// First byte in the host address space.
    long hva();

    /// Takes a counted reference on pages of this mapping, as GUP, VFIO and vhost do: it faults them in and keeps them from
    /// being converted or punched.
    ///
    /// @param holder the name by which errors call it
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range, EFAULT if a page is private or cannot be
    ///         reached, ENOMEM
    Pin pin(long offset, long bytes, String holder);

    /// Frees the pages of a range of an anonymous mapping: they read as zero afterwards.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range or a mapping of a store; EAGAIN if pinned
    void discard(long offset, long bytes);

    /// Unmaps it; memslots above lose their shared half.
    @Override
    void close();
}
