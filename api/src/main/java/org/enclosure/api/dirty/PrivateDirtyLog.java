package org.enclosure.api.dirty;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.store.GuestMemoryStore;

/// An extension that KVM has not, off unless [org.enclosure.api.policy.PolicyKey#PRIVATE_LOG] is `on`: which pages of stores,
/// private ones among them, were written by the guest or changed their kind, by store offset. It tells that a page changed, never
/// what is in it.
@API(status = EXPERIMENTAL, since = "0.1")
public interface PrivateDirtyLog {
    /// Reads and empties the log of a store. Each call begins a new epoch; what is reported was written in the epoch that ends.
    ///
    /// @param bitmap one bit a page of the store, rounded up to words
    /// @return number of the epoch that ends, from 0
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for a store of another VM, EBADF if it is closed, EFAULT if the
    ///         bitmap is too short
    long fetch(GuestMemoryStore store, long[] bitmap);

    /// The epoch that is under way.
    long epoch();
}
