package org.enclosure.core.mem;

import java.util.concurrent.locks.LockSupport;

import org.enclosure.api.GuestMemoryException;

/// Hands out the frames of a host: blocks of `1 << order` frames, aligned to their size, orders 0 (4K) to 18 (1G).
///
/// A binary buddy system. It hands out the lowest block of the smallest order that fits, so that runs ascend and large
/// blocks stay whole; what is given back merges at once. A block may be given back in parts.
///
/// **Known zero.** A frame that is fresh, or whose memory was given back to the operating system, reads as zeroes, and the
/// allocator knows. A frame that was freed is not known to be zero. [#zero(long, int)] pays only for what is not known, and
/// uses the knowledge up: from then on the block counts as written. An owner that writes a block which it did not zero says
/// so by [#markDirty(long, int)] if it will ever zero that block; freeing it says so too.
///
/// **Threads.** Any thread, except where the owner of a block is named. One short lock guards everything; it is the last in
/// the lock order, and nothing is called, zeroed or given back under it. **Allocation:** none, but for construction.
/// **Errors:** out of memory is [#NONE]. A frame that does not exist, is not aligned, or is not allocated when it is given
/// back, is a broken invariant: [AssertionError] with frame and order. A block with a frame in quarantine is given back
/// in parts, without that frame.
public final class FrameAllocator implements AutoCloseable {
    /// No frame.
    public static final long NONE = -1;
    /// The largest order, 1 GiB.
    public static final int MAX_ORDER = BuddyIndex.MAX_ORDER;

    private static final int KEEP_DIRTY = ~FrameStates.ALLOCATED & 0xff;
    private static final int BATCH = 512;
    private static final long TRIM_WAIT_NANOS = 20_000;

    private final HostMemory memory;
    private final LazyMemory metadata;
    private final long links;
    private final FrameStates states;
    private final FrameTrim trim;

    private final PoisonedFrames poisoned = new PoisonedFrames();

    private final Object lock = new Object();
    private final BuddyIndex buddies; // guarded by lock
    private long free; // guarded by lock
    private long quarantined; // guarded by lock

    /// Manages all frames of a host. Commits some KiB, whatever the size; 10 bytes more per frame at the most, in use.
    ///
    /// @throws GuestMemoryException ENOMEM where the tables cannot be reserved
    public FrameAllocator(HostMemory memory) {
        this.memory = memory;
        long frames = memory.frames();
        long index = pages(BuddyIndex.bytes(frames));
        long dirty = pages(FrameTrim.bytes(frames));
        metadata = LazyMemory.reserve(index + dirty + pages(frames) + frames * Long.BYTES);
        buddies = new BuddyIndex(metadata.address(), frames);
        trim = new FrameTrim(metadata.address() + index, frames);
        states = new FrameStates(metadata.address() + index + dirty);
        links = metadata.address() + index + dirty + pages(frames);
        free = frames;
    }

    private static long pages(long bytes) {
        return bytes + 4095 & -4096;
    }

    /// Takes a block.
    ///
    /// @return its first frame, or [#NONE]
    public long allocate(int order) {
        if (order < 0 || order > MAX_ORDER) {
            throw new AssertionError("allocate: order " + order + "; legal is 0 to " + MAX_ORDER);
        }
        while (true) {
            synchronized (lock) {
                long pfn = take(order);
                if (pfn != NONE || trim.lent() == 0) {
                    return pfn;
                }
            }
            LockSupport.parkNanos(TRIM_WAIT_NANOS); // trim holds free memory for a moment
        }
    }

    private long take(int order) {
        long pfn = buddies.take(order);
        if (pfn != NONE) {
            states.update(pfn, order, 0xff, FrameStates.ALLOCATED);
            free -= 1L << order;
        }
        return pfn;
    }

    /// Takes single frames, as few ascending runs as possible.
    ///
    /// @return how many were taken and stand in `into` from index 0 on; fewer than `count` when memory is short
    public int allocateRun(long[] into, int count) {
        while (true) {
            synchronized (lock) {
                int taken = takeRun(into, count);
                if (taken > 0 || count <= 0 || trim.lent() == 0) {
                    return taken;
                }
            }
            LockSupport.parkNanos(TRIM_WAIT_NANOS); // trim holds free memory for a moment
        }
    }

    private int takeRun(long[] into, int count) {
        int taken = 0;
        while (taken < count) {
            int smallest = buddies.smallestFrom(0);
            if (smallest < 0) {
                break;
            }
            int order = Math.min(smallest, 31 - Integer.numberOfLeadingZeros(count - taken));
            long pfn = take(order);
            for (long end = pfn + (1L << order); pfn < end; pfn++) {
                into[taken++] = pfn;
            }
        }
        return taken;
    }

    /// Gives a block back: one that was allocated, or an aligned part of one. Its frames are not known to be zero.
    public void free(long pfn, int order) {
        synchronized (lock) {
            release(pfn, order, 0, FrameStates.DIRTY);
        }
    }

    /// Gives single frames back, under one lock.
    ///
    /// @param pfns the frames stand at indices 0 to `count - 1`, in any order
    public void free(long[] pfns, int count) {
        synchronized (lock) {
            for (int i = 0; i < count; i++) {
                release(pfns[i], 0, 0, FrameStates.DIRTY);
            }
        }
    }

    /// Gives single frames back that keep what is known of them.
    void freeAsTheyAre(long[] pfns, int from, int to) {
        synchronized (lock) {
            for (int i = from; i < to; i++) {
                release(pfns[i], 0, KEEP_DIRTY, 0);
            }
        }
    }

    /// Empties a list, some hundred blocks under one lock.
    void free(FrameList list) {
        while (!list.isEmpty()) {
            synchronized (lock) {
                for (int i = 0; i < BATCH && !list.isEmpty(); i++) {
                    long pfn = list.pop();
                    release(pfn, list.order(), 0, FrameStates.DIRTY);
                }
            }
        }
    }

    private void release(long pfn, int order, int keep, int add) {
        checkAllocated("free", pfn, order);
        if (!poisoned.isEmpty() && poisoned.hasAny(pfn, pfn + (1L << order))) {
            releaseAround(pfn, order, keep, add);
            return;
        }
        states.update(pfn, order, keep, add);
        if ((states.get(pfn) & FrameStates.DIRTY) != 0) {
            trim.noteDirty(pfn, order);
        }
        buddies.put(pfn, order);
        free += 1L << order;
    }

    /// Frees a block in parts, without the frames whose memory has failed.
    private void releaseAround(long pfn, int order, int keep, int add) {
        for (long at = pfn; at < pfn + (1L << order); at++) {
            if (poisoned.contains(at)) {
                poisoned.remove(at);
                states.set(at, FrameStates.QUARANTINED);
                quarantined++;
            } else {
                release(at, 0, keep, add);
            }
        }
    }

    /// The memory of a frame has failed. A free frame is taken out of use at once, any other when it is given back.
    ///
    /// @return whether somebody owns it
    public boolean poison(long pfn) {
        check("poison", pfn, 0);
        synchronized (lock) {
            if ((states.get(pfn) & FrameStates.ALLOCATED) != 0) {
                if (!poisoned.contains(pfn)) {
                    poisoned.add(pfn);
                }
                return true;
            }
            if ((states.get(pfn) & FrameStates.QUARANTINED) != 0) {
                return false;
            }
        }
        quarantine(pfn);
        return false;
    }

    /// Whether the memory of a frame of a block has failed.
    boolean hasPoisoned(long pfn, int order) {
        return !poisoned.isEmpty() && poisoned.hasAny(pfn, pfn + (1L << order));
    }

    /// Whether the memory of a frame has failed and its owner has not given it back yet.
    public boolean isPoisoned(long pfn) {
        return !poisoned.isEmpty() && poisoned.contains(pfn);
    }

    /// Makes a block read as zeroes. What is known to be zero costs nothing, once: see above.
    ///
    /// The owner of the block calls, outside every mark. A dirty 4K takes 30 to 500 ns, a dirty 2M 80 to 200 us.
    public void zero(long pfn, int order) {
        checkAllocated("zero", pfn, order);
        long end = pfn + (1L << order);
        long from = states.find(pfn, end, FrameStates.DIRTY, true);
        while (from < end) {
            long to = states.find(from, end, FrameStates.DIRTY, false);
            Raw.zero(memory.address(from), memory.address(to) - memory.address(from));
            from = states.find(to, end, FrameStates.DIRTY, true);
        }
        states.update(pfn, order, 0xff, FrameStates.DIRTY);
    }

    /// Says that a block was written, so that the next [#zero(long, int)] zeroes all of it. Its owner calls.
    public void markDirty(long pfn, int order) {
        checkAllocated("mark dirty", pfn, order);
        states.update(pfn, order, 0xff, FrameStates.DIRTY);
    }

    /// Says that a block holds tables until it is freed. Its owner calls.
    public void markTable(long pfn, int order) {
        checkAllocated("mark as table", pfn, order);
        synchronized (lock) {
            states.update(pfn, order, 0xff, FrameStates.TABLE);
        }
    }

    /// Whether a frame holds tables. Exact when its owner asks, a guess for all others.
    public boolean isTable(long pfn) {
        check("is table", pfn, 0);
        return (states.get(pfn) & FrameStates.TABLE) != 0;
    }

    /// Says that a frame was written past its owner, or without one: it is not known to be zero any more. Any thread.
    public void noteRawWrite(long pfn) {
        check("note a raw write", pfn, 0);
        synchronized (lock) {
            states.update(pfn, 0, 0xff, FrameStates.DIRTY);
        }
    }

    /// Whether a frame is known to read as zeroes. Exact when its owner asks, a guess for all others.
    public boolean isKnownZero(long pfn) {
        check("is known zero", pfn, 0);
        return (states.get(pfn) & FrameStates.DIRTY) == 0;
    }

    /// Takes a frame out of use for good. Its owner calls this instead of giving it back, or anybody for a free frame.
    public void quarantine(long pfn) {
        check("quarantine", pfn, 0);
        while (!tryQuarantine(pfn)) {
            LockSupport.parkNanos(TRIM_WAIT_NANOS); // trim holds the frame for a moment
        }
    }

    private boolean tryQuarantine(long pfn) {
        synchronized (lock) {
            int state = states.get(pfn);
            if ((state & FrameStates.QUARANTINED) != 0) {
                throw new AssertionError(describe("quarantine", pfn, 0) + ": it is in quarantine already");
            }
            if ((state & FrameStates.ALLOCATED) == 0) {
                int holder = buddies.orderOf(pfn, 0);
                if (holder < 0) {
                    return false;
                }
                buddies.carve(pfn, 0, holder);
                free--;
            }
            states.set(pfn, FrameStates.QUARANTINED);
            quarantined++;
            return true;
        }
    }

    /// Gives free memory that was written back to the operating system, in whole blocks of 2M, and marks it known zero.
    ///
    /// Takes 20 to 200 us per 2M, outside the lock; an allocation that finds no other memory meanwhile waits for it. One
    /// trim at a time. For a thread with time to spare, never for a fault or a conversion.
    ///
    /// @return bytes given back; 0 where the operating system cannot take memory back
    public long trim() {
        if (!NativeCalls.givesBack()) {
            return 0;
        }
        synchronized (trim) {
            long bytes = 0;
            trim.restart();
            while (lend()) {
                bytes += trim.giveBack(memory);
                takeBack();
            }
            return bytes;
        }
    }

    /// Lends the next blocks to [#trim()]; seen by tests, which hold the loan open.
    boolean lend() {
        synchronized (lock) {
            return trim.lend(buddies);
        }
    }

    /// Ends the loan.
    void takeBack() {
        synchronized (lock) {
            trim.takeBack(buddies, states);
        }
    }

    /// How many frames can be allocated.
    public long freeFrames() {
        synchronized (lock) {
            return free;
        }
    }

    /// How many frames are allocated, those in magazines included.
    public long usedFrames() {
        synchronized (lock) {
            return memory.frames() - free - quarantined;
        }
    }

    /// How many frames are out of use for good.
    public long quarantinedFrames() {
        synchronized (lock) {
            return quarantined;
        }
    }

    /// The host whose frames these are.
    public HostMemory memory() {
        return memory;
    }

    /// Closes the tables, not the host memory. Nobody uses the allocator afterwards.
    @Override
    public void close() {
        metadata.close();
    }

    /// The word of a frame that belongs to its owner and carries [FrameList]; 0 in a fresh frame.
    long link(long pfn) {
        return Raw.getLong(links + (pfn << 3));
    }

    void link(long pfn, long value) {
        Raw.putLong(links + (pfn << 3), value);
    }

    void check(String what, long pfn, int order) {
        if (order < 0 || order > MAX_ORDER || !memory.contains(pfn, order)) {
            throw new AssertionError(describe(what, pfn, order) + ": no such block in "
                    + memory.frames() + " frames (a block is aligned to its size, order 0 to " + MAX_ORDER + ")");
        }
    }

    private void checkAllocated(String what, long pfn, int order) {
        check(what, pfn, order);
        if (!states.all(pfn, order, FrameStates.ALLOCATED)) {
            throw new AssertionError(describe(what, pfn, order) + ": not allocated, or not all of it");
        }
    }

    static String describe(String what, long pfn, int order) {
        return what + " pfn=0x" + Long.toHexString(pfn) + " order=" + order;
    }
}
