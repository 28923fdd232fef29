package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;

/// The pages that the host gave to EL2 for the tables of one VM: a list through the first words of the pages. Under EL2's lock.
final class Memcache {
    /// The most pages that a list takes.
    static final int CAPACITY = 512;

    private long head;
    private int size;

    void reset() {
        head = 0;
        size = 0;
    }

    int size() {
        return size;
    }

    void push(PhysicalMemory memory, long pa) {
        memory.putLong(pa, head);
        head = pa;
        size++;
    }

    /// Takes a page out, zeroed.
    long pop(PhysicalMemory memory) {
        long pa = head;
        head = memory.getLong(pa);
        size--;
        memory.zero(pa, Paging.PAGE_SIZE);
        return pa;
    }
}
