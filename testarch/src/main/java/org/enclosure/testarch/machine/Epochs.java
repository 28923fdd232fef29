package org.enclosure.testarch.machine;

import org.enclosure.spi.PhysicalMemory;

/// Who may still hold old translations of a VM: an epoch and, for it and the one before, how many vCPUs are inside. One word of
/// the control page, so that all changes are one compare-and-set.
///
/// ```
///  63              32 31         16 15          0
/// +------------------+-------------+-------------+
/// |      epoch       | inside, odd | inside, even|
/// +------------------+-------------+-------------+
/// ```
///
/// What was blocked in epoch `e` is unreachable when the epoch is past `e` and nobody who entered in `e` is inside any more.
public final class Epochs {
    private static final int EPOCH_SHIFT = 32;
    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1 << COUNT_BITS) - 1;

    private final PhysicalMemory memory;

    /// Creates the operations on epochs in `memory`.
    public Epochs(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// The epoch of a VM.
    public int epoch(long control) {
        return (int) (memory.getLongAcquire(control + Control.EPOCH) >>> EPOCH_SHIFT);
    }

    /// A vCPU goes in.
    ///
    /// @return the epoch that it has to name when it leaves
    public int enter(long control) {
        while (true) {
            long word = memory.getLongAcquire(control + Control.EPOCH); // ORDERING: partner replace
            int epoch = (int) (word >>> EPOCH_SHIFT);
            if (replace(control, word, word + one(epoch))) {
                return epoch;
            }
        }
    }

    /// A vCPU that entered in `epoch` comes out; SUCCESS, or BAD_OPERAND if none is inside.
    public int leave(long control, int epoch) {
        while (true) {
            long word = memory.getLongAcquire(control + Control.EPOCH); // ORDERING: partner replace
            if (inside(word, epoch) == 0) {
                return Code.BAD_OPERAND;
            }
            if (replace(control, word, word - one(epoch))) {
                return Code.SUCCESS;
            }
        }
    }

    /// Starts a new epoch if something was blocked in this one; SUCCESS when nobody of the old epoch is inside, else BUSY.
    public int flush(long control) {
        while (true) {
            long word = memory.getLongAcquire(control + Control.EPOCH); // ORDERING: partner replace
            int epoch = (int) (word >>> EPOCH_SHIFT);
            if (inside(word, epoch - 1) != 0) {
                return Code.BUSY;
            }
            if ((int) memory.getLongAcquire(control + Control.BLOCKED_IN) != epoch) {
                return Code.SUCCESS;
            }
            replace(control, word, word + (1L << EPOCH_SHIFT));
        }
    }

    /// Whether what was blocked in the epoch with these low bits is unreachable.
    boolean isFlushed(long control, long blockedIn, long mask) {
        long word = memory.getLongAcquire(control + Control.EPOCH); // ORDERING: partner replace
        int epoch = (int) (word >>> EPOCH_SHIFT);
        long age = epoch - blockedIn & mask;
        return age > 1 || age == 1 && inside(word, epoch - 1) == 0;
    }

    private boolean replace(long control, long expected, long word) {
        return memory.compareAndSet(control + Control.EPOCH, expected, word); // ORDERING: partner enter, leave, flush
    }

    private static long one(int epoch) {
        return 1L << (epoch & 1) * COUNT_BITS;
    }

    private static long inside(long word, int epoch) {
        return word >>> (epoch & 1) * COUNT_BITS & COUNT_MASK;
    }
}
