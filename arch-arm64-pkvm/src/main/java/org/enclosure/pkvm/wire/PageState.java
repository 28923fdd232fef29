package org.enclosure.pkvm.wire;

import java.util.List;

/// The state of a page as one party sees it: host, hypervisor or guest.
public final class PageState {
    /// The party owns the page alone.
    public static final int OWNED = 0;
    /// The party owns the page and shares it.
    public static final int SHARED_OWNED = 1;
    /// Another party owns the page and shares it with this one.
    public static final int SHARED_BORROWED = 2;
    /// The party has nothing to do with the page.
    public static final int NOPAGE = 3;
    /// Guest only: the host took the page by force.
    public static final int POISON = 4;

    /// The names, by value.
    public static final List<String> NAMES = List.of("OWNED", "SHARED_OWNED", "SHARED_BORROWED", "NOPAGE", "POISON");

    private PageState() {
    }
}
