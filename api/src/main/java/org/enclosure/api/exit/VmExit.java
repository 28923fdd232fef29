package org.enclosure.api.exit;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.List;

import org.apiguardian.api.API;
import org.enclosure.api.Errno;
import org.jspecify.annotations.Nullable;

/// One exit: a view that the vCPU owns and reuses.
@API(status = STABLE, since = "0.1")
public interface VmExit {
    /// Why.
    ExitReason reason();

    /// Number of the vCPU.
    int vcpu();

    /// First byte of the range that the exit is about, without the address tag; for MEMORY_FAULT a multiple of 4096.
    long gpa();

    /// Length of that range in bytes; for MMIO 1, 2, 4 or 8.
    long bytes();

    /// MEMORY_FAULT: whether the guest asked for private memory. HYPERCALL and UNSHARE: whether it asks to make the range
    /// private.
    boolean isPrivate();

    /// MMIO and MEMORY_FAULT: whether it writes.
    boolean isWrite();

    /// The error that goes with the exit, as KVM_RUN would return it; null if none.
    @Nullable
    Errno errno();

    /// What happened, in a sentence; may allocate.
    String cause();

    /// MEMORY_FAULT and UNSHARE: what stands in the guest's way.
    Obstacle obstacle();

    /// With [Obstacle#PINNED]: bytes from [#gpa()] to the first page that somebody holds; else
    /// [org.enclosure.api.GuestMemoryException#NO_OFFSET].
    long errorOffset();

    /// With [Obstacle#PINNED]: who holds that page, by the names that they gave; else empty.
    List<String> holders();

    /// HYPERCALL: number of the call; [#MAP_GPA_RANGE] for a conversion.
    long number();

    /// HYPERCALL: argument 0 to 5.
    long argument(int index);

    /// HYPERCALL, UNSHARE, MEMORY_FAULT: the handler has dealt with it. 0 says that it did what was asked, a negative errno
    /// that it refuses; the VM's policy is not asked.
    void setResult(long result);

    /// MMIO: what the guest writes, or what the handler has set for it to read.
    long data();

    /// MMIO read: what the guest reads.
    void setData(long value);

    /// The number of the conversion hypercall (KVM_HC_MAP_GPA_RANGE).
    long MAP_GPA_RANGE = 12;
}
