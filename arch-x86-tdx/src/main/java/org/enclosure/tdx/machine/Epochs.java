package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.TdxStatus;

/// TLB tracking: the epoch of a TD, how many vCPUs entered in it and in the one before, and the epoch of each vCPU. One word of the
/// control page, so that all changes are one compare-and-set.
///
/// ```
///  63                          24 23          12 11           0
/// +------------------------------+--------------+--------------+
/// |            epoch             |  inside, odd | inside, even |
/// +------------------------------+--------------+--------------+
/// ```
///
/// A page that was blocked in epoch `e` is tracked when the epoch is past `e + 1`, or is `e + 1` and nobody who entered in `e` is
/// inside (TDX Module 1.5 base specification, TLB tracking).
public final class Epochs {
    /// The epoch of a new TD.
    static final long FIRST = 1;

    private static final int EPOCH_SHIFT = 24;
    private static final int COUNT_BITS = 12;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long INSIDE = 1L << 63;
    private static final long MIGRATED = 1L << 63;

    private final PhysicalMemory memory;
    private final TdControl control;

    Epochs(PhysicalMemory memory, TdControl control) {
        this.memory = memory;
        this.control = control;
    }

    void start(long td) {
        control.set(td, TdControl.EPOCH, FIRST << EPOCH_SHIFT);
        memory.zero(control.vcpuEpoch(td, 0), (long) TdControl.MAX_VCPUS * Long.BYTES);
    }

    /// The TD's epoch.
    public long epoch(long td) {
        return control.get(td, TdControl.EPOCH) >>> EPOCH_SHIFT;
    }

    /// How many vCPUs are inside that entered in an even (0) or odd (1) epoch.
    public long inside(long td, int parity) {
        return count(control.get(td, TdControl.EPOCH), parity);
    }

    /// A vCPU enters: it counts for the present epoch. Called on the vCPU's thread.
    ///
    /// @return whether it was inside in an older epoch or never, so that its TLB has to be flushed
    public boolean enter(long td, int vcpu) {
        long pa = control.vcpuEpoch(td, vcpu);
        long before = memory.getLongAcquire(pa); // ORDERING: partner exit
        if (before < 0) {
            return false;
        }
        while (true) {
            long word = control.get(td, TdControl.EPOCH);
            long epoch = word >>> EPOCH_SHIFT;
            if (replace(td, word, word + one(epoch))) {
                memory.putLongRelease(pa, epoch | INSIDE); // ORDERING: partner exit
                return epoch != before;
            }
        }
    }

    /// A vCPU leaves; nothing if it is not inside. Called on the vCPU's thread, or for it by whoever kicks it.
    public void exit(long td, int vcpu) {
        long pa = control.vcpuEpoch(td, vcpu);
        long own = memory.getLongAcquire(pa); // ORDERING: partner enter
        if (own >= 0) {
            return;
        }
        memory.putLongRelease(pa, own & ~INSIDE); // ORDERING: partner enter
        while (true) {
            long word = control.get(td, TdControl.EPOCH);
            if (replace(td, word, word - one(own))) {
                return;
            }
        }
    }

    /// The epoch in which a vCPU entered last.
    public long vcpuEpoch(long td, int vcpu) {
        return memory.getLongAcquire(control.vcpuEpoch(td, vcpu)) & ~INSIDE; // ORDERING: partner enter
    }

    /// TDH.MEM.TRACK behind its checks: the next epoch, unless a vCPU of the previous one is inside.
    long track(long td) {
        if (control.get(td, TdControl.EPOCH_LOCK) != 0) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.TD_EPOCH);
        }
        while (true) {
            long word = control.get(td, TdControl.EPOCH);
            if (count(word, (word >>> EPOCH_SHIFT) - 1) != 0) {
                return TdxStatus.PREVIOUS_TLB_EPOCH_BUSY;
            }
            if (replace(td, word, word + (1L << EPOCH_SHIFT))) {
                return TdxStatus.SUCCESS;
            }
        }
    }

    /// Whether nobody can hold a translation of what was blocked in `blockEpoch`. A page that came by migration never counts as
    /// tracked before it is blocked.
    boolean isTracked(long td, long blockEpoch) {
        long word = control.get(td, TdControl.EPOCH);
        long last = (word >>> EPOCH_SHIFT) - 1;
        return (blockEpoch & MIGRATED) == 0
                && (blockEpoch < last || blockEpoch == last && count(word, blockEpoch) == 0);
    }

    private boolean replace(long td, long expected, long word) {
        return memory.compareAndSet(td + TdControl.EPOCH, expected, word); // ORDERING: partner enter, exit, track
    }

    private static long one(long epoch) {
        return 1L << (epoch & 1) * COUNT_BITS;
    }

    private static long count(long word, long epoch) {
        return word >>> (epoch & 1) * COUNT_BITS & COUNT_MASK;
    }
}
