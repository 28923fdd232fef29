package org.enclosure.core.mem;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;

/// All live reservations by address, for [Raw#BOUNDED]; empty otherwise.
///
/// Any thread. Looking up takes no lock and allocates nothing.
final class LiveSegments {
    /// Sorted by address; replaced, never changed. ORDERING: volatile; add and remove publish to holding.
    private static volatile MemorySegment[] all = {};

    private LiveSegments() {
    }

    static synchronized void add(MemorySegment segment) {
        if (!Raw.BOUNDED) {
            return;
        }
        MemorySegment[] next = Arrays.copyOf(all, all.length + 1);
        next[all.length] = segment;
        Arrays.sort(next, Comparator.comparingLong(MemorySegment::address));
        all = next;
    }

    static synchronized void remove(MemorySegment segment) {
        if (Raw.BOUNDED) {
            all = Arrays.stream(all).filter(other -> !other.equals(segment)).toArray(MemorySegment[]::new);
        }
    }

    /// The live reservation that holds an address.
    ///
    /// @throws IndexOutOfBoundsException where there is none
    static MemorySegment holding(long address) {
        MemorySegment[] segments = all;
        int low = 0;
        int high = segments.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            MemorySegment segment = segments[middle];
            if (address < segment.address()) {
                high = middle;
            } else if (address - segment.address() >= segment.byteSize()) {
                low = middle + 1;
            } else {
                return segment;
            }
        }
        throw new IndexOutOfBoundsException("address 0x" + Long.toHexString(address) + " is in no live reservation");
    }
}
