package org.enclosure.tck.oracle;

/// One store: its pages, by page offset.
public final class StoreModel {
    private final String name;
    private final PageModel[] pages;

    StoreModel(String name, int pages) {
        this.name = name;
        this.pages = new PageModel[pages];
        for (int i = 0; i < pages; i++) {
            this.pages[i] = new PageModel(name + " page 0x" + Integer.toHexString(i), true);
        }
    }

    /// A page.
    public PageModel page(int index) {
        return pages[index];
    }

    /// How many pages it has.
    public int pages() {
        return pages.length;
    }

    /// The first pinned page of a range, or -1.
    public int firstPinned(int start, int count) {
        for (int i = start; i < start + count; i++) {
            if (pages[i].pins() > 0) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return name;
    }
}
