package org.enclosure.core.dirty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.dirty.DirtyRing;

/// The ring of one vCPU: the vCPU produces, inside of its access mark; the VMM harvests; a reset, under the mutation lock, makes
/// room.
///
/// ```
///   reset <= harvested <= produced <= reset + capacity
///
/// entry  63      48 47                          0
///       +----------+-----------------------------+
///       | slot id  | page in the slot            |
///       +----------+-----------------------------+
/// ```
public final class RingBuffer implements DirtyRing {
    private static final int SLOT_SHIFT = 48;
    private static final long PAGE_MASK = (1L << SLOT_SHIFT) - 1;
    private static final VarHandle PRODUCED;

    static {
        try {
            PRODUCED = MethodHandles.lookup().findVarHandle(RingBuffer.class, "produced", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] entries;
    private long produced;
    private volatile long harvested;
    private volatile long reset;

    RingBuffer(int capacity) {
        entries = new long[capacity];
    }

    /// The vCPU: whether one more entry has room.
    boolean hasRoom() {
        return produced - reset < entries.length;
    }

    /// The vCPU: adds an entry, which has room.
    void push(int slot, long page) {
        entries[(int) produced & entries.length - 1] = (long) slot << SLOT_SHIFT | page;
        PRODUCED.setRelease(this, produced + 1); // ORDERING: after the entry; partner harvest
    }

    @Override
    public int capacity() {
        return entries.length;
    }

    @Override
    public synchronized int harvest(Visitor visitor) {
        long end = (long) PRODUCED.getAcquire(this); // ORDERING: partner push
        long start = harvested;
        for (long at = start; at < end; at++) {
            long entry = entries[(int) at & entries.length - 1];
            visitor.page(slot(entry), page(entry));
        }
        harvested = end; // ORDERING: volatile, after the visits; partner the reset, which lets the vCPU overwrite
        return (int) (end - start);
    }

    long resetFrom() {
        return reset;
    }

    long resetTo() {
        return harvested;
    }

    long entry(long at) {
        return entries[(int) at & entries.length - 1];
    }

    /// Makes room for the vCPU. ORDERING: volatile, after the entries were read; partner hasRoom.
    void reset(long to) {
        reset = to;
    }

    static int slot(long entry) {
        return (int) (entry >>> SLOT_SHIFT);
    }

    static long page(long entry) {
        return entry & PAGE_MASK;
    }
}
