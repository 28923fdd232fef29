package org.enclosure.bench;

import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;

/// Memory like a host's, without an engine around it: what the floors use. All of it is committed.
final class RawMemory implements AutoCloseable {
    private static final int ROUND = 4 << 10;

    private final HostMemory memory;
    private final long base;
    private final long bytes;
    private final long mask;
    private long state;

    /// @param bytes a power of two
    RawMemory(long bytes) {
        memory = HostMemory.reserve(bytes);
        this.bytes = bytes;
        base = memory.base();
        mask = Offsets.mask(bytes);
        for (long at = 0; at < bytes; at += ROUND) {
            Raw.putLong(base + at, at);
        }
    }

    /// [RandomLoads] without a guest.
    long load() {
        long next = state;
        long found = 0;
        for (int i = 0; i < Offsets.BATCH; i++) {
            next = Offsets.next(next);
            found += Raw.getLong(base + Offsets.of(next, mask));
        }
        state = next;
        return found;
    }

    /// [RandomStores] without a guest.
    void store() {
        long next = state;
        for (int i = 0; i < Offsets.BATCH; i++) {
            next = Offsets.next(next);
            Raw.putLong(base + Offsets.of(next, mask), next);
        }
        state = next;
    }

    /// [ConflictingLoads] without a guest.
    long loadConflicting() {
        long found = 0;
        for (int i = 0; i < Offsets.BATCH; i++) {
            found += Raw.getLong(base + (ConflictingLoads.offset(i) & mask));
        }
        return found;
    }

    /// Zeroes everything, a piece at a time, as first touches do.
    void zero(long piece) {
        for (long at = 0; at < bytes; at += piece) {
            Raw.zero(base + at, piece);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
