package org.enclosure.systemtest.stress;

/// Told of pages on their way out, inside of the engine's own calls: under the VM's lock, in a drained range.
interface MemoryWatch {
    /// The range is drained: no leaf appears in it any longer. Those that are there are unmapped next.
    void drained(long gfn, long npages);

    /// The range changes its kind: nobody reaches its pages now.
    void unreachable(long gfn, long npages, boolean toPrivate);

    /// The frames of a half leave the tables because a hole is punched: nobody reaches them now.
    void leaving(long gfn, long pfn, long npages, boolean isPrivate);
}
