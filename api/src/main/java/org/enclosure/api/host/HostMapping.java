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

    /// Allocates the pages of a range that are not there yet, as a write to each would (MADV_POPULATE_WRITE).
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range; EFAULT if a page is private or cannot be
    ///         written, ENOMEM (in both cases pages before it stay)
    void populate(long offset, long bytes);

    /// Changes what a range permits, for the host and for the shared half of the memslots above: a guest access that it does not
    /// permit is a MEMORY_FAULT with EFAULT. The private half is not touched.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range, ENOMEM if a part of it was unmapped, EBADF if
    ///         the mapping is closed
    void protect(long offset, long bytes, Protection protection);

    /// Unmaps a range for good; memslots above lose their shared half there. Anonymous pages that no other mapping and no pin has
    /// go back to the host.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range, EBADF if the mapping is closed
    void unmap(long offset, long bytes);

    /// Unmaps it; memslots above lose their shared half.
    @Override
    void close();
}
