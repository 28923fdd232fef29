package org.enclosure.core.machine;

import java.util.EnumSet;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.store.StoreFlag;

/// What differs between the versions of KVM that an embedder may compare with: error numbers and what is offered, never the fault
/// path. The table is in `docs/errors.md`.
public enum KernelProfile {
    /// Linux 6.12: stores without flags, only for VM types with private memory.
    LINUX_6_12(Errno.EINVAL),
    /// Linux 6.18: stores that can be mapped, for every VM type; pages that start shared where there are no private ones.
    LINUX_6_18(Errno.EINVAL),
    /// The series that converts in place.
    NEWEST(Errno.EEXIST);

    private final Errno boundTwice;

    KernelProfile(Errno boundTwice) {
        this.boundTwice = boundTwice;
    }

    /// The profile by its name in [org.enclosure.api.policy.PolicyKey#PROFILE].
    static KernelProfile of(String value) {
        return switch (value) {
            case "6.12" -> LINUX_6_12;
            case "6.18" -> LINUX_6_18;
            default -> NEWEST;
        };
    }

    /// What a binding of a page that is bound already gets.
    public Errno boundTwice() {
        return boundTwice;
    }

    /// Whether slots of a VM type without private memory can have a store.
    public boolean bindsWithoutPrivateMemory() {
        return this != LINUX_6_12;
    }

    /// Whether a pre-fault that meets a slot on its way out tells its caller instead of waiting.
    public boolean tellsPreFaultToRetry() {
        return this == NEWEST;
    }

    /// The flags that a store can be created with.
    public Set<StoreFlag> storeFlags(boolean hasPrivateMemory) {
        return switch (this) {
            case LINUX_6_12 -> Set.of();
            case LINUX_6_18 -> hasPrivateMemory ? EnumSet.of(StoreFlag.MMAP) : EnumSet.allOf(StoreFlag.class);
            case NEWEST -> EnumSet.allOf(StoreFlag.class);
        };
    }
}
