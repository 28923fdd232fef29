package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// What a migration has to know, of one moment. Ranges are sorted and merged.
///
/// @param epoch number of the snapshot, from 0
/// @param dirty what was written or changed its kind since the snapshot before; everything that logs counts
/// @param shared what is shared now; the rest of the slots is private
@API(status = EXPERIMENTAL, since = "0.1")
public record MigrationSnapshot(long epoch, List<PageRange> dirty, List<PageRange> shared) {
    /// Copies the lists.
    public MigrationSnapshot {
        dirty = List.copyOf(dirty);
        shared = List.copyOf(shared);
    }
}
