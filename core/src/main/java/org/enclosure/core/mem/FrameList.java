package org.enclosure.core.mem;

/// Blocks on their way out: taken from a table, to be freed after the shootdown.
///
/// The list runs through the link words of the blocks' first frames, so that it needs no memory of its own and any number
/// of blocks fits. A block on a list is allocated and belongs to the list. One thread at a time; nothing allocates.
///
/// ```
/// link word   63      56 55                    0
///             [ order    | next first frame + 1 ]      0 in the low part: end of the list
/// ```
public final class FrameList {
    private static final int ORDER_SHIFT = 56;
    private static final long NEXT = (1L << ORDER_SHIFT) - 1;

    private final FrameAllocator frames;
    private long head = FrameAllocator.NONE;
    private long tail = FrameAllocator.NONE;
    private long size;
    private int order;

    /// Creates an empty list for the blocks of one host.
    public FrameList(FrameAllocator frames) {
        this.frames = frames;
    }

    /// Whether there is no block on the list.
    public boolean isEmpty() {
        return size == 0;
    }

    /// How many blocks are on the list.
    public long size() {
        return size;
    }

    /// Puts an allocated block on the list.
    ///
    /// @throws AssertionError if there is no such block
    public void push(long pfn, int order) {
        frames.check("push", pfn, order);
        frames.link(pfn, (long) order << ORDER_SHIFT | head + 1);
        if (size++ == 0) {
            tail = pfn;
        }
        head = pfn;
    }

    /// Takes the block that was pushed last.
    ///
    /// @return its first frame, [FrameAllocator#NONE] if the list is empty; [#order()] has its order
    public long pop() {
        if (size == 0) {
            return FrameAllocator.NONE;
        }
        long pfn = head;
        long link = frames.link(pfn);
        order = (int) (link >>> ORDER_SHIFT);
        head = (link & NEXT) - 1;
        size--;
        return pfn;
    }

    /// The order of the block that was popped last.
    public int order() {
        return order;
    }

    /// Moves all blocks to the front of another list of the same host, in constant time.
    public void appendTo(FrameList other) {
        if (size == 0) {
            return;
        }
        if (other.frames != frames) {
            throw new AssertionError("a list of blocks was appended to a list of another host");
        }
        if (other.size == 0) {
            other.tail = tail;
        } else {
            frames.link(tail, frames.link(tail) | other.head + 1); // the tail's low part is 0
        }
        other.head = head;
        other.size += size;
        size = 0;
        head = FrameAllocator.NONE;
    }

    /// Frees all blocks, some hundred under one lock.
    public void freeAll() {
        frames.free(this);
    }
}
