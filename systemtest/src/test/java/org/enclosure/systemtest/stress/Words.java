package org.enclosure.systemtest.stress;

import org.enclosure.api.Paging;

/// What stands in the words of a page: who wrote it, and for which page.
///
/// ```
/// 63      56 55              32 31    24 23             0
/// +---------+------------------+--------+----------------+
/// |  owner  |       gfn        |  kind  |    counter     |
/// +---------+------------------+--------+----------------+
/// ```
final class Words {
    /// Words that are used of a page, and the distance between them.
    static final int PER_PAGE = 8;
    /// Bytes from one word to the next.
    static final int STRIDE = (int) Paging.PAGE_SIZE / PER_PAGE;

    private static final long GUEST = 0x61L << 56;
    private static final long POISON = 0x3dL << 56;
    private static final long HOST = 0x4fL << 56;
    private static final long COUNTER_MASK = (1 << 24) - 1;
    private static final int GFN_SHIFT = 32;
    private static final int KIND_SHIFT = 24;

    private Words() {
    }

    /// What a guest stores: page, kind, counter.
    static long guest(long gfn, int kind, long counter) {
        return GUEST | gfn << GFN_SHIFT | (long) kind << KIND_SHIFT | counter & COUNTER_MASK;
    }

    /// Whether a guest may find a word: nothing stored yet, or stored for this page in this kind.
    static boolean isLegal(long word, long gfn, int kind) {
        return word == 0 || (word & ~COUNTER_MASK) == guest(gfn, kind, 0);
    }

    /// What a page is filled with while nobody may reach it.
    static long poison(long salt) {
        return POISON | salt & -1L >>> 8;
    }

    /// What the next owner of a frame stores.
    static long host(long counter) {
        return HOST | counter & -1L >>> 8;
    }
}
