package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.Lifecycle;
import org.enclosure.tdx.wire.OpState;

/// The control data of a TD: words of its root page (TDR), which the first control page really holds in part. The layout is this
/// machine's own; no leaf shows it.
///
/// ```
/// 0x00 lifecycle   0x08 HKID        0x10 fatal      0x18 child count   0x20 TDCX count   0x28 TDCX addresses (9)
/// 0x80 OP_STATE    0x88 attributes  0x90 GPAW       0x98 top level     0xa0 vCPUs        0xa8 max vCPUs
/// 0xb0 epoch word  0xb8 epoch lock  0xc0 tree lock  0xc8 state lock    0xd0 BW_EPOCH     0xd8 #VE disabled
/// 0xe0 migration epoch              0xe8 exported   0xf0 dirty         0x100 exports
/// ```
public final class TdControl {
    /// Control pages that a TD needs before it can be initialised.
    static final int NEEDED_TDCX = 6;
    /// Control pages that a TD can have.
    static final int MAX_TDCX = 9;
    /// The most vCPUs of a TD: as many epochs fit into one control page.
    public static final int MAX_VCPUS = 512;

    static final int HKID = 0x08;
    static final int CHILDREN = 0x18;
    static final int TDCX_COUNT = 0x20;
    static final int EPOCH = 0xb0;
    static final int EPOCH_LOCK = 0xb8;
    static final int TREE_LOCK = 0xc0;
    static final int STATE_LOCK = 0xc8;
    static final int BW_EPOCH = 0xd0;
    static final int MIGRATION_EPOCH = 0xe0;
    static final int EXPORT_COUNT = 0x100;
    static final int EXPORTED = 0xe8;
    static final int DIRTY = 0xf0;

    private static final int LIFECYCLE = 0x00;
    private static final int FATAL = 0x10;
    private static final int TDCX = 0x28;
    private static final int OP_STATE = 0x80;
    private static final int ATTRIBUTES = 0x88;
    private static final int GPAW = 0x90;
    private static final int TOP_LEVEL = 0x98;
    private static final int VCPUS = 0xa0;
    private static final int LIMIT_VCPUS = 0xa8;
    private static final int VE_DISABLED = 0xd8;
    private static final int SEPT_ROOT = 3;
    private static final int VCPU_EPOCHS = 4;

    private final PhysicalMemory memory;
    /// Whether any TD was ever ended: what is looked at on every TLB fill. Written after the TD's own word.
    private volatile boolean isAnyFatal;

    /// Reads and writes control data in `memory`.
    TdControl(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// One word, after everything that was written before it.
    long get(long td, int field) {
        return memory.getLongAcquire(td + field); // ORDERING: partner set
    }

    void set(long td, int field, long value) {
        memory.putLongRelease(td + field, value); // ORDERING: partner get
    }

    /// Adds to a counter that several leaves change at once.
    void add(long td, int field, long amount) {
        long old;
        do {
            old = get(td, field);
        } while (!memory.compareAndSet(td + field, old, old + amount)); // ORDERING: partner get
    }

    /// Whether pages can only be reclaimed any more.
    public boolean isTornDown(long td) {
        return lifecycle(td) >= Lifecycle.BLOCKED;
    }

    int lifecycle(long td) {
        return (int) get(td, LIFECYCLE);
    }

    void lifecycle(long td, int state) {
        set(td, LIFECYCLE, state);
    }

    /// Whether a fatal error has ended the TD.
    public boolean isFatal(long td) {
        return isAnyFatal && get(td, FATAL) != 0;
    }

    /// Ends the TD: a machine check was met on its pages.
    public void kill(long td) {
        set(td, FATAL, 1);
        isAnyFatal = true;
    }

    /// Whether the guest can run at all.
    public boolean isUsable(long td) {
        return lifecycle(td) == Lifecycle.KEYS_CONFIGURED && !isFatal(td);
    }

    /// What the TD can be asked for.
    public OpState opState(long td) {
        return OpState.of(get(td, OP_STATE));
    }

    void opState(long td, OpState state) {
        set(td, OP_STATE, state.number());
    }

    /// The attributes that the TD was initialised with.
    public long attributes(long td) {
        return get(td, ATTRIBUTES);
    }

    void attributes(long td, long attributes) {
        set(td, ATTRIBUTES, attributes);
    }

    /// Width of guest addresses.
    int gpaw(long td) {
        return (int) get(td, GPAW);
    }

    /// Level of the root table's entries: 3 or 4.
    int topLevel(long td) {
        return (int) get(td, TOP_LEVEL);
    }

    void geometry(long td, int gpaw, int topLevel) {
        set(td, GPAW, gpaw);
        set(td, TOP_LEVEL, topLevel);
    }

    long vcpus(long td) {
        return get(td, VCPUS);
    }

    void vcpus(long td, long count) {
        set(td, VCPUS, count);
    }

    /// One more vCPU.
    ///
    /// @return false if there are as many as there may be
    boolean addVcpu(long td) {
        long count;
        do {
            count = vcpus(td);
            if (count >= get(td, LIMIT_VCPUS)) {
                return false;
            }
        } while (!memory.compareAndSet(td + VCPUS, count, count + 1)); // ORDERING: partner get
        return true;
    }

    void maxVcpus(long td, long count) {
        set(td, LIMIT_VCPUS, count);
    }

    boolean isVeDisabled(long td) {
        return get(td, VE_DISABLED) != 0;
    }

    void veDisabled(long td, boolean isDisabled) {
        set(td, VE_DISABLED, isDisabled ? 1 : 0);
    }

    long controlPage(long td, int index) {
        return get(td, TDCX + index * Long.BYTES);
    }

    void controlPage(long td, int index, long pa) {
        set(td, TDCX + index * Long.BYTES, pa);
    }

    /// Address of the root table of the secure EPT: control page 3.
    long root(long td) {
        return controlPage(td, SEPT_ROOT);
    }

    /// Address of the word that holds a vCPU's epoch: in control page 4.
    long vcpuEpoch(long td, int vcpu) {
        return controlPage(td, VCPU_EPOCHS) + (long) vcpu * Long.BYTES;
    }
}
