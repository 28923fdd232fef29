package org.enclosure.api.dirty;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The pages that one vCPU has written, in order. An entry is dirty, then harvested, then reset by
/// [DirtyLog#resetRings()], which makes its room free. A vCPU whose ring has no room exits with DIRTY_RING_FULL before it writes.
@API(status = EXPERIMENTAL, since = "0.1")
public interface DirtyRing {
    /// Gets the entries.
    @API(status = EXPERIMENTAL, since = "0.1")
    @FunctionalInterface
    interface Visitor {
        /// One entry.
        ///
        /// @param offset page in the slot
        void page(int slot, long offset);
    }

    /// How many entries there can be.
    int capacity();

    /// Harvests: visits the entries that were not harvested before. One thread at a time; the vCPU may run.
    ///
    /// @return how many
    int harvest(Visitor visitor);
}
