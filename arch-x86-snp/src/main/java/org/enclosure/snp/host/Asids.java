package org.enclosure.snp.host;

import java.util.BitSet;

import org.enclosure.snp.wire.RmpEntry;

/// The ASIDs of a machine. Guarded by itself.
final class Asids {
    private final BitSet taken = new BitSet();

    /// The smallest ASID that is free.
    ///
    /// @throws IllegalArgumentException if there is none
    synchronized int take() {
        int asid = taken.nextClearBit(1);
        if (asid > RmpEntry.MAX_ASID) {
            throw new IllegalArgumentException("the machine has no ASID left; it has " + RmpEntry.MAX_ASID);
        }
        taken.set(asid);
        return asid;
    }

    synchronized void free(int asid) {
        taken.clear(asid);
    }
}
