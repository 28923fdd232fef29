package org.enclosure.core.dirty;

/// Gets what was written, as runs of pages.
@FunctionalInterface
public interface DirtySink {
    /// A run of written pages. Runs may touch and, where a page is in two logs, overlap.
    void dirty(long gfn, long npages);
}
