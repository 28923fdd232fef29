package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A small stack of zeroed host frames that the engine fills before a call and that a backend pops table pages from.
///
/// Owned by one thread at a time. Out of frames is the engine's business: a backend that needs more than there are answers
/// [Status#needFrames(int)] and has changed nothing (rule FRM-1).
@API(status = EXPERIMENTAL, since = "0.1")
public final class FrameCache {
    private final long[] pfns;
    private int size;

    /// Creates an empty cache.
    ///
    /// @param capacity the most frames it can hold
    public FrameCache(int capacity) {
        pfns = new long[capacity];
    }

    /// How many frames can be popped.
    public int size() {
        return size;
    }

    /// How many frames it can hold.
    public int capacity() {
        return pfns.length;
    }

    /// Takes the frame that was pushed last.
    ///
    /// @throws IllegalStateException if it is empty
    public long pop() {
        if (size == 0) {
            throw new IllegalStateException("a table frame was popped from an empty cache: answer NEED_FRAMES instead");
        }
        return pfns[--size];
    }

    /// Gives a frame back.
    ///
    /// @throws IllegalStateException if it is full
    public void push(long pfn) {
        if (size == pfns.length) {
            throw new IllegalStateException(
                    "frame 0x" + Long.toHexString(pfn) + " was pushed into a full cache of " + size);
        }
        pfns[size++] = pfn;
    }
}
