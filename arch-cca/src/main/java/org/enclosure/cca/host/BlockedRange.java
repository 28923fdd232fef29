package org.enclosure.cca.host;

/// The pages that the engine has blocked and not removed yet. The RMM knows no blocked page: the host itself keeps its vCPUs from
/// them. Changed by the engine under its lock, and by a fault, which puts a blocked page back; read at each fill.
final class BlockedRange {
    private volatile long start = Long.MAX_VALUE;
    private volatile long end;

    boolean holds(long gfn) {
        return gfn >= start && gfn < end; // ORDERING: partner add, clear
    }

    /// Blocks a range beside what is blocked already, and all that lies between: a fault brings it back.
    void add(long gfn, long npages) {
        boolean isEmpty = start == Long.MAX_VALUE;
        end = isEmpty ? gfn + npages : Math.max(end, gfn + npages); // ORDERING: before start, so that holds sees no stale end
        start = Math.min(start, gfn);
    }

    /// Nothing is blocked any more.
    void clear() {
        start = Long.MAX_VALUE;
    }
}
