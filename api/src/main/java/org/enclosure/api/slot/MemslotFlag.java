package org.enclosure.api.slot;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// Flags of a memslot (the KVM_MEM_* of KVM).
@API(status = STABLE, since = "0.1")
public enum MemslotFlag {
    /// The guest cannot write; a write exits as MMIO.
    READONLY,
    /// The pages that the guest writes are recorded; only slots without a store can have it. See
    /// [org.enclosure.api.dirty.DirtyLog].
    LOG_DIRTY
}
