package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The calls by which the proposal of 2022 told KVM what is private (KVM_MEMORY_ENCRYPT_REG_REGION and UNREG_REGION; "KVM: mm:
/// fd-based approach for supporting KVM guest private memory", v7 and v8). For a VMM that was written for it; calls of a VM with
/// the policy `convert=region`. The conversion is the one of [ConversionService#convert].
@API(status = EXPERIMENTAL, since = "0.1")
public interface MemoryRegions {
    /// Makes a range private. With split backing it need not be covered by slots.
    ///
    /// @throws org.enclosure.api.GuestMemoryException ENOTTY if the policy is another; else as [ConversionService#convert]
    void register(long gpa, long bytes);

    /// Makes a range shared, registered or not.
    ///
    /// @throws org.enclosure.api.GuestMemoryException as [#register]
    void unregister(long gpa, long bytes);
}
