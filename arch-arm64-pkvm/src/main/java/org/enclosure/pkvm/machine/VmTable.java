package org.enclosure.pkvm.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.pkvm.wire.HypErrno;

/// EL2's table of VMs, by handle. A VM's state is one word, so that vCPUs come and go without EL2's lock:
///
/// ```
///  63                    8 7      3    2       1         0
/// +-----------------------+--------+-------+-----------+--------+
/// |  vCPUs that are loaded|   0    | dying | protected | exists |
/// +-----------------------+--------+-------+-----------+--------+
/// ```
final class VmTable {
    /// The handle of the first VM.
    static final long FIRST_HANDLE = 0x1000;
    /// The most VMs at a time.
    static final int MAX_VMS = 255;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final long EXISTS = 1;
    private static final long PROTECTED = 1 << 1;
    private static final long DYING = 1 << 2;
    private static final int LOADED_SHIFT = 8;

    private final long[] states = new long[MAX_VMS];
    private final long[] roots = new long[MAX_VMS];
    private final Memcache[] caches = new Memcache[MAX_VMS];
    private final MmioGuard[] guards = new MmioGuard[MAX_VMS];
    private int last = -1;

    VmTable() {
        for (int i = 0; i < MAX_VMS; i++) {
            caches[i] = new Memcache();
            guards[i] = new MmioGuard();
        }
    }

    /// Enters a VM, under the lock; the search starts behind the last one, so that a handle is not used again at once.
    ///
    /// @return the handle, or ENOMEM
    long add(long root, boolean isProtected) {
        for (int step = 1; step <= MAX_VMS; step++) {
            int index = (last + step) % MAX_VMS;
            if (get(index) == 0) {
                last = index;
                roots[index] = root;
                caches[index].reset();
                guards[index].reset();
                WORD.setRelease(states, index, EXISTS | (isProtected ? PROTECTED : 0)); // ORDERING: partner get; after the root
                return FIRST_HANDLE + index;
            }
        }
        return HypErrno.ENOMEM;
    }

    /// Takes a dying VM out, under the lock.
    void remove(long handle) {
        WORD.setRelease(states, index(handle), 0L); // ORDERING: partner get
    }

    boolean exists(long handle) {
        return (word(handle) & EXISTS) != 0;
    }

    boolean isProtected(long handle) {
        return (word(handle) & PROTECTED) != 0;
    }

    boolean isDying(long handle) {
        return (word(handle) & DYING) != 0;
    }

    int loaded(long handle) {
        return (int) (word(handle) >>> LOADED_SHIFT);
    }

    /// Of a VM that exists.
    long root(long handle) {
        return roots[index(handle)];
    }

    /// Of a VM that exists; under the lock.
    Memcache cache(long handle) {
        return caches[index(handle)];
    }

    /// Of a VM that exists; under the lock.
    MmioGuard guard(long handle) {
        return guards[index(handle)];
    }

    /// A vCPU is loaded: EINVAL if there is no such VM, or it ends.
    long load(long handle) {
        while (true) {
            long word = word(handle);
            if ((word & (EXISTS | DYING)) != EXISTS) {
                return HypErrno.EINVAL;
            }
            if (WORD.compareAndSet(states, index(handle), word, word + (1L << LOADED_SHIFT))) { // ORDERING: against startTeardown
                return HypErrno.OK;
            }
        }
    }

    /// A vCPU is put: EINVAL if none is loaded.
    long put(long handle) {
        while (true) {
            long word = word(handle);
            if (word >>> LOADED_SHIFT == 0) {
                return HypErrno.EINVAL;
            }
            if (WORD.compareAndSet(states, index(handle), word, word - (1L << LOADED_SHIFT))) { // ORDERING: against startTeardown
                return HypErrno.OK;
            }
        }
    }

    /// The VM begins to end: EINVAL if it is unknown, a vCPU is loaded, or it has begun already.
    long startTeardown(long handle) {
        while (true) {
            long word = word(handle);
            if ((word & (EXISTS | DYING)) != EXISTS || word >>> LOADED_SHIFT != 0) {
                return HypErrno.EINVAL;
            }
            if (WORD.compareAndSet(states, index(handle), word, word | DYING)) { // ORDERING: against load
                return HypErrno.OK;
            }
        }
    }

    private long word(long handle) {
        long index = handle - FIRST_HANDLE;
        return index < 0 || index >= MAX_VMS ? 0 : get((int) index);
    }

    private long get(int index) {
        return (long) WORD.getAcquire(states, index); // ORDERING: partner add, load, startTeardown
    }

    private static int index(long handle) {
        return (int) (handle - FIRST_HANDLE);
    }
}
