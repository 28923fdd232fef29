package org.enclosure.core.folio;

import java.util.concurrent.locks.LockSupport;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.mem.LazySlabs;
import org.enclosure.core.mem.Raw;

/// Where the entries of a [FolioMap] are, and what their bits say.
///
/// ```
/// entry    31                                        2 1 0      PRESENT, PRESENT_UNZEROED: pfn of the folio's first frame
///         +-------------------------------------------+---+     HOLE, BUSY: 0
///         |                   pfn                     | s |     TABLE: state BUSY with pfn 1
///         +-------------------------------------------+---+
///
/// slab of up to 1024 chunks of 1 GiB, reserved at first use
///   1G entries   1 per chunk
///   2M entries   512 per chunk
///   4K entries   262,144 per chunk
/// ```
///
/// **Descent.** An entry counts only while all entries above it are TABLE. A thread that claims a hole (HOLE to BUSY)
/// therefore looks at the entries above once more afterwards, and gives the claim back if one of them is not TABLE. A mutator
/// that wants the entries below makes the upper entry BUSY first and then waits for each BUSY entry below. All four accesses
/// are volatile, so at least one of the two sees the other.
final class FolioEntries implements AutoCloseable {
    static final int HOLE = 0;
    static final int BUSY = 1;
    static final int PRESENT_UNZEROED = 2;
    static final int PRESENT = 3;
    static final int TABLE = 1 << 2 | BUSY;

    static final int ORDER_1G = 2 * Paging.LEVEL_SHIFT;
    static final int ORDER_2M = Paging.LEVEL_SHIFT;
    static final int ORDER_4K = 0;
    static final int ORDER_STEP = Paging.LEVEL_SHIFT;

    private static final long MAX_CHUNKS_PER_SLAB = 1024;
    private static final int ENTRY_SHIFT = 2;
    private static final int STATE = 3;
    private static final int PFN_SHIFT = 2;
    private static final int SPINS = 1000;
    private static final int YIELDS = 100;
    private static final long PARK_NANOS = 20_000;

    final long pages;
    private final int slabShift;
    private final long slabMask;
    private final long offset2M;
    private final long offset4K;
    private final LazySlabs slabs;

    FolioEntries(long pages) {
        this.pages = pages;
        long chunks = (pages - 1 >>> ORDER_1G) + 1;
        long chunksPerSlab = Long.highestOneBit(2 * Math.min(chunks, MAX_CHUNKS_PER_SLAB) - 1);
        slabShift = ORDER_1G + Long.numberOfTrailingZeros(chunksPerSlab);
        slabMask = (1L << slabShift) - 1;
        offset2M = chunksPerSlab << ENTRY_SHIFT;
        offset4K = Paging.PAGE_SIZE - 1 + offset2M + (chunksPerSlab << ENTRY_SHIFT + ORDER_STEP) & -Paging.PAGE_SIZE;
        slabs = new LazySlabs((pages - 1 >>> slabShift) + 1, offset4K + (1L << slabShift + ENTRY_SHIFT));
    }

    /// The slab of a page, 0 if it is absent: then all its pages are holes.
    long slab(long pgoff) {
        return slabs.address(pgoff >>> slabShift);
    }

    /// The slab of a page, reserved if it is absent; 0 if there is no address space for it.
    long slabOrNone(long pgoff) {
        try {
            return slabs.reserve(pgoff >>> slabShift);
        } catch (GuestMemoryException e) {
            return 0;
        }
    }

    /// The first page at or after `pgoff` whose slab is there; beyond all pages if there is none.
    long nextSlab(long pgoff) {
        long slab = slabs.next(pgoff >>> slabShift);
        return Math.max(pgoff, slab << slabShift);
    }

    /// Address of the entry of an order for a page.
    long address(long slab, long pgoff, int order) {
        long offset = order == ORDER_4K ? offset4K : order == ORDER_2M ? offset2M : 0;
        return slab + offset + ((pgoff & slabMask) >>> order << ENTRY_SHIFT);
    }

    /// The first page of the block of an order around a page.
    static long block(long pgoff, int order) {
        return pgoff & -1L << order;
    }

    /// The first page after the block of an order around a page.
    static long blockEnd(long pgoff, int order) {
        return (pgoff >>> order) + 1 << order;
    }

    static int entry(long pfn, int state) {
        return (int) pfn << PFN_SHIFT | state;
    }

    static boolean isPresent(int entry) {
        return (entry & PRESENT_UNZEROED) != 0;
    }

    static int state(int entry) {
        return entry & STATE;
    }

    static long pfn(int entry) {
        return Integer.toUnsignedLong(entry) >>> PFN_SHIFT;
    }

    static int load(long address) {
        // ORDERING: acquire, partner: release in store; whoever sees a folio sees its zeroes
        return Raw.getIntAcquire(address);
    }

    /// Of the owner of a BUSY entry, which gives up its ownership by this.
    static void store(long address, int entry) {
        // ORDERING: release, partner: acquire in load and volatile in settle
        Raw.putIntRelease(address, entry);
    }

    static boolean replace(long address, int expected, int entry) {
        // ORDERING: volatile, partner: volatile in settle and areTables; HOLE to BUSY below against TABLE to BUSY above
        return Raw.compareAndSetInt(address, expected, entry);
    }

    /// Makes a hole BUSY, for the caller to fill.
    ///
    /// @return whether it was a hole that counts
    boolean claim(long address, long slab, long pgoff, int order) {
        if (!replace(address, HOLE, BUSY)) {
            return false;
        }
        if (areTablesAbove(slab, pgoff, order)) {
            return true;
        }
        store(address, HOLE);
        return false;
    }

    /// Whether the entries of all larger orders of a page are TABLE.
    boolean areTablesAbove(long slab, long pgoff, int order) {
        for (int above = order + ORDER_STEP; above <= ORDER_1G; above += ORDER_STEP) {
            // ORDERING: volatile, partner: replace by a mutator; not before the claim of the entry below
            if (Raw.getIntVolatile(address(slab, pgoff, above)) != TABLE) {
                return false;
            }
        }
        return true;
    }

    static int loadVolatile(long address) {
        // ORDERING: volatile, partner: replace by a thread that claims; not before the mutator made the entry above BUSY
        return Raw.getIntVolatile(address);
    }

    /// An entry, once it is not BUSY. Never inside a mark: whoever made it BUSY may be zeroing 1 GiB.
    static int settle(long address) {
        int entry = loadVolatile(address);
        for (int n = 0; entry == BUSY; n++) {
            relax(n);
            entry = loadVolatile(address);
        }
        return entry;
    }

    /// Makes an entry BUSY that is neither a hole nor BUSY; waits until it is not BUSY.
    ///
    /// @return what it was; if that is HOLE, nothing was changed
    static int seize(long address) {
        while (true) {
            int entry = settle(address);
            if (entry == HOLE || replace(address, entry, BUSY)) {
                return entry;
            }
        }
    }

    /// The n-th step of a wait: spin, yield, park.
    @SuppressWarnings("ThreadPriorityCheck") // a yield between spinning and parking is measured to be enough for most waits
    static void relax(int n) {
        if (n < SPINS) {
            Thread.onSpinWait();
        } else if (n < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    @Override
    public void close() {
        slabs.close();
    }
}
