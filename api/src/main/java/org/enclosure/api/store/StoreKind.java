package org.enclosure.api.store;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Where the pages of a store come from.
@API(status = EXPERIMENTAL, since = "0.1")
public enum StoreKind {
    /// From the host's free memory, page by page as they are used; huge folios where they fit.
    ORDINARY(0),
    /// From the host's pool of 2M pages, set aside for the store when it is created (as with hugetlbfs).
    HUGE_2M(9),
    /// From the host's pool of 1G pages.
    HUGE_1G(18);

    private final int order;

    StoreKind(int order) {
        this.order = order;
    }

    /// Power of two of the 4K pages that are allocated and freed together.
    public int order() {
        return order;
    }

    /// Bytes that are allocated and freed together.
    public long pageBytes() {
        return 4096L << order;
    }
}
