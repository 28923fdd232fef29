package org.enclosure.core.mem;

import org.enclosure.api.GuestMemoryException;

/// A table or a directory off the heap: reads as zeroes, is committed 4K by 4K at first write, and costs nothing until then.
///
/// Reached through [Raw] from [#address()]. Creation and closing allocate; creator and closer see to it that nobody uses
/// the addresses after closing, which takes about 0.1 ms.
public final class LazyMemory implements AutoCloseable {
    private static final long PAGE = 4096;

    private final Reservation reservation;
    private final long address;

    private LazyMemory(Reservation reservation) {
        this.reservation = reservation;
        address = reservation.address();
    }

    /// Reserves memory.
    ///
    /// @param bytes at least 1; rounded up to a multiple of 4096
    /// @throws GuestMemoryException EINVAL; ENOMEM where the system refuses
    public static LazyMemory reserve(long bytes) {
        Reservation reservation = new Reservation(bytes + PAGE - 1 & -PAGE);
        NativeCalls.adviseSmall(reservation.address(), reservation.bytes());
        return new LazyMemory(reservation);
    }

    /// Absolute address of the first byte, a multiple of 4096.
    public long address() {
        return address;
    }

    /// How many bytes there are.
    public long bytes() {
        return reservation.bytes();
    }

    /// Gives everything back. A second call does nothing.
    @Override
    public void close() {
        reservation.close();
    }
}
