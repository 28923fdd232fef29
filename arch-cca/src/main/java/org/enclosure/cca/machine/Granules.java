package org.enclosure.cca.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.spi.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/// The RMM's own state of each granule, host-wide: one word a granule, in chunks allocated at first use.
///
/// ```
///  15    14     10 9            0
/// +----+----------+--------------+
/// |lock|  state   |  references  |
/// +----+----------+--------------+
/// ```
///
/// A lock is held for a few entries of a table, never while memory is copied, hashed or wiped for the size of a realm. Who
/// meets one tries for a bounded time, then answers CONTENDED.
public final class Granules {
    /// log2 of a granule.
    public static final int SHIFT = 12;
    /// Bytes of a granule.
    public static final long SIZE = 1L << SHIFT;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(int[][].class);
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final int STATE_SHIFT = 10;
    private static final int REFERENCES = (1 << STATE_SHIFT) - 1;
    private static final int STATE_MASK = 0x1f;
    private static final int LOCK = 1 << 15;
    private static final int SPINS = 1000;

    private final PhysicalMemory memory;
    /// First and last address of each RAM range, in pairs.
    private final long[] ram;
    private final int[] @Nullable [] chunks;

    Granules(PhysicalMemory memory, long[] ram, long limit) {
        this.memory = memory;
        this.ram = ram.clone();
        chunks = new int[Math.toIntExact(limit + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    /// Whether an address is the start of a granule of RAM.
    public boolean exists(long pa) {
        if ((pa & SIZE - 1) != 0 || !memory.contains(pa, SIZE)) {
            return false;
        }
        for (int range = 0; range < ram.length; range += 2) {
            if (pa >= ram[range] && pa <= ram[range + 1]) {
                return true;
            }
        }
        return false;
    }

    /// Whether an address is the start of a granule in a state.
    public boolean is(long pa, int state) {
        return exists(pa) && state(pa) == state;
    }

    /// The state of a granule that exists.
    public int state(long pa) {
        return word(pa) >>> STATE_SHIFT & STATE_MASK;
    }

    /// The references of a granule that exists.
    public int references(long pa) {
        return word(pa) & REFERENCES;
    }

    /// Turns an unlocked granule without references from one state into another.
    ///
    /// @return whether it was in the first
    boolean turn(long pa, int from, int to) {
        return cas(pa, from << STATE_SHIFT, to << STATE_SHIFT);
    }

    /// Locks a granule in a state: false if it is in another or stays locked.
    boolean lock(long pa, int state) {
        for (int spin = 0; spin < SPINS; spin++) {
            int word = word(pa);
            if ((word & LOCK) == 0) {
                if (word >>> STATE_SHIFT != state) {
                    return false;
                }
                if (cas(pa, word, word | LOCK)) {
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /// Unlocks a granule.
    void unlock(long pa) {
        set(pa, word(pa) & ~LOCK);
    }

    /// Unlocks a granule into a state with references.
    void unlock(long pa, int state, int references) {
        set(pa, state << STATE_SHIFT | references);
    }

    /// Adds references to a granule whose lock the caller holds, or whose references are counted without it.
    void refer(long pa, int references) {
        int word = word(pa);
        while (!cas(pa, word, word + references)) {
            word = word(pa);
        }
    }

    /// Takes the first reference of an unlocked granule in a state.
    boolean referFirst(long pa, int state) {
        return cas(pa, state << STATE_SHIFT, state << STATE_SHIFT | 1);
    }

    private int word(long pa) {
        long granule = pa >>> SHIFT;
        int[] chunk = (int[]) CHUNK.getAcquire(chunks, (int) (granule >>> CHUNK_SHIFT)); // ORDERING: partner chunk
        // ORDERING: acquire, partner cas and set: who sees a state sees what was done to the granule before
        return chunk == null ? 0 : (int) WORD.getAcquire(chunk, (int) granule & CHUNK_MASK);
    }

    private boolean cas(long pa, int expected, int word) {
        // ORDERING: partner word
        return WORD.compareAndSet(chunk(pa), (int) (pa >>> SHIFT) & CHUNK_MASK, expected, word);
    }

    private void set(long pa, int word) {
        WORD.setRelease(chunk(pa), (int) (pa >>> SHIFT) & CHUNK_MASK, word); // ORDERING: partner word
    }

    private int[] chunk(long pa) {
        int index = (int) (pa >>> SHIFT + CHUNK_SHIFT);
        int[] chunk = (int[]) CHUNK.getAcquire(chunks, index); // ORDERING: partner compareAndExchange below
        if (chunk != null) {
            return chunk;
        }
        int[] fresh = new int[1 << CHUNK_SHIFT];
        // ORDERING: release, partner word
        int[] other = (int[]) CHUNK.compareAndExchange(chunks, index, (int[]) null, fresh);
        return other == null ? fresh : other;
    }
}
