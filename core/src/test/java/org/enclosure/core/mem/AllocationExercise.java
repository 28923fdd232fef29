package org.enclosure.core.mem;

/// Runs everything of this package that must not allocate, and counts what it allocates. Also run with `-Xint`.
final class AllocationExercise {
    private static final int ROUNDS = 100;
    private static final int WINDOWS = 10;
    /// The method handle machinery specialises a handle, once and on the heap, when it was called 127 times.
    private static final int WARM_UP = 150;
    private static final int FRAMES = 4 * 512;

    private final HostMemory memory = HostMemory.reserve(FRAMES * 4096L);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames);
    private final FrameList list = new FrameList(frames);
    private FrameList other = new FrameList(frames);
    private final long[] pfns = new long[70];
    private final byte[] bytes = new byte[100];
    private final boolean planted;

    AllocationExercise(boolean planted) {
        this.planted = planted;
    }

    public static void main(String[] args) {
        System.out.println("allocated " + new AllocationExercise(false).steadyState() + " bytes");
    }

    /// Bytes that a window of rounds allocates after a warm-up. What the JVM allocates once and at its own time (it specialises
    /// handles and recompiles) falls into one window; what the rounds themselves allocate is in every one.
    long steadyState() {
        for (int i = 0; i < WARM_UP; i++) {
            round();
        }
        long allocated = window();
        for (int i = 1; i < WINDOWS && allocated != 0; i++) {
            allocated = window();
        }
        return allocated;
    }

    private long window() {
        long before = AllocationProbe.bytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        return AllocationProbe.bytes() - before;
    }

    private void round() {
        for (int i = 0; i < pfns.length; i++) {
            pfns[i] = magazine.take();
            frames.zero(pfns[i], 0);
            access(memory.address(pfns[i]));
        }
        for (long pfn : pfns) {
            magazine.giveBack(pfn);
        }
        magazine.drain();
        frames.free(pfns, frames.allocateRun(pfns, pfns.length));
        list.push(frames.allocate(9), 9);
        list.push(frames.allocate(0), 0);
        list.appendTo(other);
        other.freeAll();
        frames.trim();
        AccessOrder.barrier();
        if (planted) {
            other = new FrameList(frames);
        }
    }

    private void access(long address) {
        Raw.putLong(address, Raw.getLong(address + 1));
        Raw.putIntRelease(address, Raw.getIntAcquire(address + 4) + Raw.getShort(address) + Raw.getByte(address));
        Raw.compareAndSetLong(address, Raw.getLongOpaque(address), 7);
        Raw.getAndBitwiseOrLong(address + 8, 1L << 40);
        Raw.getAndBitwiseAndInt(address + 8, 3);
        Raw.copy(address, address + 2048, 100);
        Raw.copy(address, bytes, 0, bytes.length);
        Raw.copy(bytes, 0, address, bytes.length);
        Raw.zero(address, 104);
        Raw.isZero(address, 4096);
    }
}
