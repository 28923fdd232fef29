package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// One machine of an architecture: the tables that all VMs of a host share, and what a host access meets.
///
/// All methods may be called on any thread.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Platform extends AutoCloseable {
    /// Creates the backend of one VM.
    ///
    /// @throws IllegalArgumentException if an option is unknown or illegal, or the machine has no room; the message says which
    VmBackend create(VmContext context);

    /// Judges a raw access of the host to one frame; core does the access when the answer is good. Never waits, never
    /// allocates.
    ///
    /// @param pfn the frame
    /// @param access READ or WRITE of [org.enclosure.api.Access], with DEVICE for DMA
    /// @param detail filled in with owner, event and code when the access is not plainly allowed
    /// @return good, perhaps JUNK (what is read is not the plaintext), POISONED or STALE; or DENIED
    long hostAccess(long pfn, int access, FaultDetail detail);

    /// The architecture's real operations, by their real names.
    ArchOperations operations();

    /// What the launch of an image consists of.
    LaunchPlanner launchPlanner();

    /// Closes the machine; all its VMs are closed.
    @Override
    void close();
}
