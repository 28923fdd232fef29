package org.enclosure.snp.kvm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/// The SEV state of one VM. Whoever reads or changes it holds [#tryLock()]; who mirrors whom changes under [#FAMILIES] as well, because
/// a move changes it for the mirrors.
final class SevContext {
    private static final Object FAMILIES = new Object();

    final int type;
    boolean active;
    boolean encryptedState;
    boolean dead;
    int vcpus;
    int protectedVcpus;
    long features;
    long handle;
    // ORDERING: written under FAMILIES, read by whoever holds the lock of this one
    volatile @Nullable SevContext mirrored;
    private List<SevContext> mirrors = new ArrayList<>();
    List<Region> regions = new ArrayList<>();

    private final AtomicBoolean locked = new AtomicBoolean();

    /// A range of the VMM's memory that is pinned for the VM.
    ///
    /// @param address where it begins
    /// @param bytes its length
    record Region(long address, long bytes) {
    }

    SevContext(int type) {
        this.type = type;
    }

    /// Never waits: whoever finds it locked answers EBUSY.
    boolean tryLock() {
        return locked.compareAndSet(false, true);
    }

    void unlock() {
        locked.set(false);
    }

    /// Everything but the vCPUs and the type goes over; the VM that had it is dead.
    void moveFrom(SevContext other) {
        active = true;
        encryptedState = other.encryptedState;
        features = other.features;
        handle = other.handle;
        protectedVcpus = other.protectedVcpus;
        regions = other.regions;
        moveFamily(other);
        other.active = false;
        other.dead = true;
        other.handle = 0;
        other.protectedVcpus = 0;
        other.regions = new ArrayList<>();
    }

    private void moveFamily(SevContext other) {
        synchronized (FAMILIES) {
            SevContext owner = other.mirrored;
            mirrored = owner;
            other.mirrored = null;
            mirrors = other.mirrors;
            other.mirrors = new ArrayList<>();
            mirrors.forEach(mirror -> mirror.mirrored = this);
            if (owner != null) {
                owner.mirrors.replaceAll(mirror -> mirror == other ? this : mirror);
            }
        }
    }

    /// Shares the other VM's context.
    void mirror(SevContext other) {
        active = true;
        encryptedState = other.encryptedState;
        features = other.features;
        handle = other.handle;
        synchronized (FAMILIES) {
            mirrored = other;
            other.mirrors.add(this);
        }
    }
}
