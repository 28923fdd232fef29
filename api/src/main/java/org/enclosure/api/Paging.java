package org.enclosure.api;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Page arithmetic: 4K base pages and the mapping levels 1 = 4K, 2 = 2M, 3 = 1G.
///
/// Levels are counted as KVM counts them (PG_LEVEL_4K = 1); a folio's order is the power of two of its 4K pages, so level
/// `l` has order `9 * (l - 1)`.
@API(status = EXPERIMENTAL, since = "0.1")
public final class Paging {
    /// log2 of the base page size.
    public static final int PAGE_SHIFT = 12;
    /// Bytes of a base page.
    public static final long PAGE_SIZE = 1L << PAGE_SHIFT;
    /// The byte offset within a base page.
    public static final long PAGE_MASK = PAGE_SIZE - 1;
    /// Mapping level of a 4K page.
    public static final int LEVEL_4K = 1;
    /// Mapping level of a 2M page.
    public static final int LEVEL_2M = 2;
    /// Mapping level of a 1G page.
    public static final int LEVEL_1G = 3;
    /// log2 of the entries of a page table, and of the ratio of two levels.
    public static final int LEVEL_SHIFT = 9;
    /// 4K pages in a 2M page.
    public static final long PAGES_PER_2M = 1L << LEVEL_SHIFT;
    /// 4K pages in a 1G page.
    public static final long PAGES_PER_1G = 1L << (2 * LEVEL_SHIFT);

    private Paging() {
    }

    /// The order of a folio that fills a mapping of `level`.
    public static int order(int level) {
        return LEVEL_SHIFT * (level - 1);
    }

    /// The level of the largest mapping that a folio of `order` allows.
    public static int level(int order) {
        return 1 + order / LEVEL_SHIFT;
    }

    /// How many 4K pages a mapping of `level` covers.
    public static long pages(int level) {
        return 1L << order(level);
    }

    /// The first page number of the mapping of `level` that covers `page` (a gfn, pfn or pgoff).
    public static long floor(long page, int level) {
        return page & -pages(level);
    }

    /// The first page number at or after `page` that is aligned for `level`.
    public static long ceil(long page, int level) {
        return page + pages(level) - 1 & -pages(level);
    }

    /// Whether `page` is aligned for a mapping of `level`.
    public static boolean isAligned(long page, int level) {
        return (page & pages(level) - 1) == 0;
    }

    /// The largest level, at most `limit`, for which `page` is aligned.
    public static int largestAligned(long page, int limit) {
        int level = limit;
        while (!isAligned(page, level)) {
            level--;
        }
        return level;
    }

    /// Whether a byte count or byte address is a multiple of the base page size.
    public static boolean isPageAligned(long bytes) {
        return (bytes & PAGE_MASK) == 0;
    }
}
