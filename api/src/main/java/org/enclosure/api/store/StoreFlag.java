package org.enclosure.api.store;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// Flags of a gmem store (the GUEST_MEMFD_FLAG_* of KVM).
@API(status = STABLE, since = "0.1")
public enum StoreFlag {
    /// The store's shared pages can be mapped into a host address space.
    MMAP,
    /// All pages start shared. Without it they start private, and a host access to a mapping raises SIGBUS; a VM type without
    /// private memory uses them all the same.
    INIT_SHARED
}
