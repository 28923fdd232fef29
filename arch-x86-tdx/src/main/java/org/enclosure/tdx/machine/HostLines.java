package org.enclosure.tdx.machine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/// Which pages the host has written through a shared key while they were private: their integrity is gone, and whoever consumes them
/// next meets a machine check. One bit per 4K page, in chunks of 1 GiB that come into being with the first bit.
public final class HostLines {
    private static final int CHUNK_SHIFT = 30;
    private static final int WORDS = 1 << CHUNK_SHIFT - 12 - 5;

    private final AtomicReferenceArray<@Nullable AtomicIntegerArray> chunks;
    private volatile boolean isAny;

    HostLines(long limit) {
        chunks = new AtomicReferenceArray<>((int) (limit + (1L << CHUNK_SHIFT) - 1 >>> CHUNK_SHIFT));
    }

    /// Marks the page around `pa`.
    public void poison(long pa) {
        chunk(pa).accumulateAndGet(word(pa), bit(pa), (old, bit) -> old | bit);
        isAny = true;
    }

    /// Whether the page around `pa` is marked.
    public boolean isPoisoned(long pa) {
        if (!isAny) {
            return false;
        }
        int index = (int) (pa >>> CHUNK_SHIFT);
        AtomicIntegerArray chunk = index < chunks.length() ? chunks.get(index) : null;
        return chunk != null && (chunk.get(word(pa)) & bit(pa)) != 0;
    }

    /// The page was written as a whole with the right key.
    void clear(long pa) {
        if (isAny && isPoisoned(pa)) {
            chunk(pa).accumulateAndGet(word(pa), bit(pa), (old, bit) -> old & ~bit);
        }
    }

    private AtomicIntegerArray chunk(long pa) {
        int index = (int) (pa >>> CHUNK_SHIFT);
        AtomicIntegerArray chunk = chunks.get(index);
        if (chunk == null) {
            chunks.compareAndSet(index, null, new AtomicIntegerArray(WORDS)); // ORDERING: publishes the chunk
            chunk = Objects.requireNonNull(chunks.get(index));
        }
        return chunk;
    }

    private static int word(long pa) {
        return (int) (pa >>> 17) & WORDS - 1;
    }

    private static int bit(long pa) {
        return 1 << (int) (pa >>> 12);
    }
}
