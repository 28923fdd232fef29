package org.enclosure.pkvm.machine;

/// The guest pages that one VM has declared to be MMIO: no memory may appear there. Under EL2's lock.
final class MmioGuard {
    /// The most pages that one VM can declare.
    static final int CAPACITY = 256;

    private final long[] gfns = new long[CAPACITY];
    private int size;
    private boolean enrolled;

    void reset() {
        size = 0;
        enrolled = false;
    }

    void enroll() {
        enrolled = true;
    }

    boolean isEnrolled() {
        return enrolled;
    }

    boolean contains(long gfn) {
        for (int i = 0; i < size; i++) {
            if (gfns[i] == gfn) {
                return true;
            }
        }
        return false;
    }

    /// Adds a page; false if there is no room.
    boolean add(long gfn) {
        if (contains(gfn)) {
            return true;
        }
        if (size == CAPACITY) {
            return false;
        }
        gfns[size++] = gfn;
        return true;
    }
}
