package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Raw access of the host to physical memory, past all mappings: what a hostile or faulty host kernel does. It meets what the
/// architecture puts in its way, never the plaintext of private memory. Both calls are EBADF
/// ([org.enclosure.api.GuestMemoryException]) when the host is closed.
@API(status = EXPERIMENTAL, since = "0.1")
public interface PhysicalAccess {
    /// Reads an aligned 8-byte word; what the architecture gives, perhaps ciphertext.
    ///
    /// @param pa host physical address
    /// @throws HostAccessException if the architecture refuses or there is no memory
    long loadLong(long pa);

    /// Writes an aligned 8-byte word.
    ///
    /// @throws HostAccessException if the architecture refuses or there is no memory; then nothing is written
    void storeLong(long pa, long value);
}
