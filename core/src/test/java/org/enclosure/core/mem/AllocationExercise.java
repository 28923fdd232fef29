package org.enclosure.core.mem;

/// Runs everything of this package that must not allocate, and counts what it allocates. Also run with `-Xint`.
final class AllocationExercise {
    private static final int ROUNDS = 100;
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

    /// Bytes that the rounds allocate once everything is warm.
    long steadyState() {
        return AllocationProbe.steadyState(ROUNDS, this::round);
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
        Raw.copy(address, address + 2048, 100);
        Raw.copy(address, bytes, 0, bytes.length);
        Raw.copy(bytes, 0, address, bytes.length);
        Raw.zero(address, 104);
        Raw.isZero(address, 4096);
    }
}
