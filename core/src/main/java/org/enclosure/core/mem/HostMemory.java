package org.enclosure.core.mem;

import java.lang.foreign.MemorySegment;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// The RAM of a host: one reservation, committed at first touch, in frames of 4K. `pfn * 4096` is the host physical address.
///
/// Who owns which frame is the business of [FrameAllocator]. Reading is for any thread and allocates nothing; creation and
/// closing allocate. After closing nobody may use an address: all vCPUs, tables and devices are gone before.
public final class HostMemory implements AutoCloseable {
    /// The most RAM of a host, 4 TiB: frame numbers fit into 30 bits.
    public static final long MAX_BYTES = 4L << 40;

    private static final int PAGE_SHIFT = 12;

    private final Reservation reservation;
    private final long base;
    private final long frames;

    private HostMemory(Reservation reservation) {
        this.reservation = reservation;
        base = reservation.address();
        frames = reservation.bytes() >>> PAGE_SHIFT;
    }

    /// Reserves RAM without committing it, and asks for huge pages.
    ///
    /// @param bytes a multiple of 4096 up to [#MAX_BYTES]
    /// @throws GuestMemoryException EINVAL; ENOMEM where the system refuses
    public static HostMemory reserve(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "host memory of " + bytes + " bytes; legal is up to " + MAX_BYTES);
        }
        Reservation reservation = new Reservation(bytes);
        NativeCalls.adviseHuge(reservation.address(), bytes);
        return new HostMemory(reservation);
    }

    /// How many frames there are.
    public long frames() {
        return frames;
    }

    /// Absolute address of frame 0: a multiple of 1 GiB from 1 GiB of RAM on, otherwise of 2 MiB.
    public long base() {
        return base;
    }

    /// Absolute address of a frame, which is not checked.
    public long address(long pfn) {
        return base + (pfn << PAGE_SHIFT);
    }

    /// Whether a frame exists.
    public boolean contains(long pfn) {
        return pfn >= 0 && pfn < frames;
    }

    /// Whether a block exists: aligned to its order, and all of its frames are there.
    boolean contains(long pfn, int order) {
        long size = 1L << order;
        return pfn >= 0 && (pfn & (size - 1)) == 0 && pfn <= frames - size;
    }

    /// All RAM as a checked segment, for those who are not on a hot path; dead after [#close()].
    public MemorySegment segment() {
        return reservation.segment();
    }

    /// Makes a block read as zeroes and gives its memory back to the operating system where that is possible.
    ///
    /// Takes 2 to 200 us for up to 2M. The caller owns the block.
    ///
    /// @return whether the memory was given back
    /// @throws AssertionError if there is no such block
    public boolean giveBack(long pfn, int order) {
        if (!contains(pfn, order)) {
            throw new AssertionError(FrameAllocator.describe("give back", pfn, order) + ": no such block");
        }
        return NativeCalls.giveBack(address(pfn), 1L << order + PAGE_SHIFT);
    }

    /// Gives everything back. A second call does nothing.
    @Override
    public void close() {
        reservation.close();
    }
}
