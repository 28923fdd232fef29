package org.enclosure.tck.schedule.scene;

/// What stands in the first word of a page: which page wrote it.
final class Words {
    private static final long WRITTEN = 0x61L << 56;
    private static final long BY_HOST = 1L << 55;
    private static final long POISON = 0x3d3d_3d3d_3d3d_3d3dL;
    private static final int PAGE_SHIFT = 32;

    private Words() {
    }

    static long of(int page, int counter) {
        return WRITTEN | (long) page << PAGE_SHIFT | counter;
    }

    static long byHost(int page, int counter) {
        return BY_HOST | of(page, counter);
    }

    /// What frames are filled with when they leave the tables.
    static long poison() {
        return POISON;
    }

    /// Whether a word was written by a page.
    static boolean isWritten(long word) {
        return word >>> 56 == WRITTEN >>> 56;
    }

    /// Whether a guest wrote it: the host's mappings are taken away after the guest's, so the host may be later.
    static boolean isGuests(long word) {
        return isWritten(word) && (word & BY_HOST) == 0;
    }

    /// The page that wrote a word.
    static int page(long word) {
        return (int) (word >>> PAGE_SHIFT) & 0x7f_ffff;
    }

    /// Whether a page may hold a word: its own, none, or what became of its bytes when it was converted.
    static boolean mayStandIn(int page, long word) {
        return word != POISON && (!isWritten(word) || page(word) == page);
    }
}
