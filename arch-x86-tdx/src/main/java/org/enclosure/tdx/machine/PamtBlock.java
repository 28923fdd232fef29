package org.enclosure.tdx.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.enclosure.tdx.wire.PageType;
import org.jspecify.annotations.Nullable;

/// The PAMT of 1 GiB: entries of 16 bytes for the GiB, for each 2M, and for each 4K. The 4K entries of a 2M come into being when
/// the first of them is touched.
///
/// ```
///  63                              24 23      16 15        0
/// +----------------------------------+----------+-----------+
/// |       owner: TDR address >> 12   |   type   |   lock    |     word 0
/// +----------------------------------+----------+-----------+
/// |                      blocking epoch                     |     word 1
/// +---------------------------------------------------------+
/// ```
///
/// The lock is 0x8000 when held exclusively, else the number of shared holders. The owner stays when a page is given back.
final class PamtBlock {
    static final int EXCLUSIVE = 0x8000;
    static final int LOCK_MASK = 0xffff;
    static final int TYPE_SHIFT = 16;
    static final int TYPE_MASK = 0xff;
    static final int OWNER_SHIFT = 24;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PER_TABLE = 512;

    private final long base;
    private final boolean startsTdmr;
    private final Reserved reserved;
    private final long[] gigabyte = new long[2];
    private final long[] large = new long[2 * PER_TABLE];
    private final AtomicReferenceArray<long[]> small = new AtomicReferenceArray<>(PER_TABLE);
    /// How many 4K entries TDMR.INIT has initialised.
    private volatile int initialised;

    /// Which pages are in reserved areas.
    @FunctionalInterface
    interface Reserved {
        boolean isReserved(long pa);
    }

    /// Creates the table of 1 GiB.
    ///
    /// @param startsTdmr whether its TDMR starts here
    PamtBlock(long base, boolean startsTdmr, Reserved reserved) {
        this.base = base;
        this.startsTdmr = startsTdmr;
        this.reserved = reserved;
    }

    long base() {
        return base;
    }

    boolean startsTdmr() {
        return startsTdmr;
    }

    int initialised() {
        return initialised;
    }

    void initialised(int entries) {
        initialised = entries;
    }

    /// The array that holds the entry of a level around `pa`.
    long[] table(long pa, int level) {
        return switch (level) {
            case 0 -> small(pa);
            case 1 -> large;
            default -> gigabyte;
        };
    }

    /// Whether any 4K entry of the 2M around `pa` was ever touched.
    boolean hasSmall(long pa) {
        return small.get(region(pa)) != null;
    }

    /// How many bytes the entries take now.
    long bytes() {
        long bytes = (gigabyte.length + large.length) * (long) Long.BYTES;
        for (int i = 0; i < PER_TABLE; i++) {
            bytes += hasSmall(base + ((long) i << 21)) ? 2L * PER_TABLE * Long.BYTES : 0;
        }
        return bytes;
    }

    /// Position of the entry of a level in its array.
    static int index(long pa, int level) {
        return switch (level) {
            case 0 -> (int) (pa >>> 12 & PER_TABLE - 1) * 2;
            case 1 -> region(pa) * 2;
            default -> 0;
        };
    }

    static long get(long[] table, int index) {
        return (long) WORDS.getAcquire(table, index); // ORDERING: partner set, replace
    }

    static void set(long[] table, int index, long word) {
        WORDS.setRelease(table, index, word); // ORDERING: partner get
    }

    static boolean replace(long[] table, int index, long expected, long word) {
        return WORDS.compareAndSet(table, index, expected, word); // ORDERING: partner get
    }

    private static int region(long pa) {
        return (int) (pa >>> 21) & PER_TABLE - 1;
    }

    private long[] small(long pa) {
        int region = region(pa);
        long[] entries = small.get(region);
        if (entries != null) {
            return entries;
        }
        long[] fresh = fresh(pa & -(1L << 21));
        long @Nullable [] other = small.compareAndExchange(region, null, fresh); // ORDERING: publishes the entries
        return other == null ? fresh : other;
    }

    private long[] fresh(long firstPa) {
        long[] entries = new long[2 * PER_TABLE];
        for (int i = 0; i < PER_TABLE; i++) {
            if (reserved.isReserved(firstPa + ((long) i << 12))) {
                entries[2 * i] = (long) PageType.RSVD << TYPE_SHIFT;
            }
        }
        return entries;
    }
}
