package org.enclosure.cca.machine;

import org.enclosure.cca.wire.RttEntry;

/// The last page table that a processor walked to, so that the next walk in its 2 MiB is one load. Owned by one vCPU. It is as
/// good as its count of removed tables.
public final class WalkCache {
    private static final int REGION_SHIFT = 21;
    private static final int INDEX_MASK = RttEntry.ENTRIES - 1;

    private long region = -1;
    private long table;
    private long removed;

    /// Creates an empty cache.
    public WalkCache() {
    }

    /// Forgets everything.
    public void clear() {
        region = -1;
    }

    long find(long ipa, long removedNow) {
        return region == ipa >>> REGION_SHIFT && removed == removedNow
                ? table + (ipa >>> Granules.SHIFT & INDEX_MASK) * Long.BYTES | RttEntry.PAGE_LEVEL
                : Walker.NOWHERE;
    }

    void keep(long ipa, long where, long removedBefore) {
        if (Walker.level(where) == RttEntry.PAGE_LEVEL) {
            region = ipa >>> REGION_SHIFT;
            table = Walker.table(where);
            removed = removedBefore;
        }
    }
}
