package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.store.GuestMemoryStore;

/// The address space of one host process: what memslots name by hva.
@API(status = EXPERIMENTAL, since = "0.1")
public interface HostAddressSpace extends AutoCloseable {
    /// Maps anonymous memory.
    ///
    /// @param bytes a positive multiple of 4096
    /// @throws org.enclosure.api.GuestMemoryException EINVAL; ENOMEM if the address space is full; EBADF if it is closed
    HostMapping map(long bytes);

    /// Maps a range of a store. Only its shared pages can be reached.
    ///
    /// @throws org.enclosure.api.GuestMemoryException ENODEV if the store has no MMAP flag; EINVAL for an illegal range or a
    ///         store of another host; EBADF if the store or the address space is closed
    HostMapping map(GuestMemoryStore store, long offset, long bytes);

    /// The mapping that holds an hva.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EFAULT if nothing is mapped there
    HostMapping mappingAt(long hva);

    /// A second address space with the same mappings at the same hvas and the same protection, as fork makes one. All mappings
    /// are shared: a store's by its nature, anonymous memory as with MAP_SHARED; nothing is copied on write. What is taken from
    /// the host is taken from both. Memslots name the mappings of the first.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EBADF if this one is closed
    HostAddressSpace duplicate();

    /// Unmaps everything, and maps nothing any more.
    @Override
    void close();
}
