package org.enclosure.core.mem;

/// A vCPU's own supply of single frames, filled with ascending runs, so that the common fault takes no lock.
///
/// Its owner's thread alone; nothing allocates after construction. Frames in a magazine count as used.
public final class FrameMagazine implements AutoCloseable {
    /// How many frames a magazine has room for if nobody says otherwise.
    public static final int DEFAULT_CAPACITY = 64;

    private static final int MIN_CAPACITY = 32;

    private final FrameAllocator frames;
    private final long[] pfns;
    /// The frames are at indices `next` to `end - 1`; the next one to be taken comes first.
    private int next;
    private int end;

    /// Creates an empty magazine of [#DEFAULT_CAPACITY].
    public FrameMagazine(FrameAllocator frames) {
        this(frames, DEFAULT_CAPACITY);
    }

    /// Creates an empty magazine.
    ///
    /// @param capacity at least 32: a global lock per frame made two vCPUs three times as slow as one
    public FrameMagazine(FrameAllocator frames, int capacity) {
        if (capacity < MIN_CAPACITY) {
            throw new IllegalArgumentException(
                    "a magazine of " + capacity + " frames; legal is " + MIN_CAPACITY + " or more");
        }
        this.frames = frames;
        pfns = new long[capacity];
    }

    /// Takes a frame; takes the lock of the allocator once per run.
    ///
    /// @return [FrameAllocator#NONE] when the host is out of frames
    public long take() {
        if (next == end) {
            next = 0;
            end = frames.allocateRun(pfns, pfns.length);
            if (end == 0) {
                return FrameAllocator.NONE;
            }
        }
        return pfns[next++];
    }

    /// Gives an allocated frame back, to be taken next. It is not known to be zero.
    public void giveBack(long pfn) {
        frames.markDirty(pfn, 0);
        if (next == end) {
            next = pfns.length;
            end = pfns.length;
        } else if (next == 0) {
            makeRoom();
        }
        pfns[--next] = pfn;
    }

    /// Frees the upper half and moves the lower half up.
    private void makeRoom() {
        int half = end >>> 1;
        frames.freeAsTheyAre(pfns, half, end);
        next = pfns.length - half;
        end = pfns.length;
        System.arraycopy(pfns, 0, pfns, next, half);
    }

    /// How many frames can be taken without the lock.
    public int size() {
        return end - next;
    }

    /// Gives everything back to the allocator. Frames that were never taken keep what is known of them.
    public void drain() {
        frames.freeAsTheyAre(pfns, next, end);
        next = 0;
        end = 0;
    }

    /// Drains.
    @Override
    public void close() {
        drain();
    }
}
