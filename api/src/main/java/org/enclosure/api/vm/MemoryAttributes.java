package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;

/// The one truth of which pages are private. Answers are exact at one moment of the call; they can be old when it returns.
@API(status = EXPERIMENTAL, since = "0.1")
public interface MemoryAttributes {
    /// The kind of the page at a gpa; shared where nothing backs it.
    MemoryKind kind(long gpa);

    /// Sets the kind of a range (KVM_SET_MEMORY_ATTRIBUTES): a call of a VM with the policy `convert=attributes`. With split
    /// backing the range need not be covered by slots, and the kind survives their coming and going; with in-place backing the
    /// kinds live in the stores, so to-private needs slots.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if the policy is another, as a kernel that keeps the kinds in its
    ///         stores answers; else as [ConversionService#convert]
    void set(long gpa, long bytes, MemoryKind kind);

    /// Whether all pages of a range have the kind.
    boolean isUniform(long gpa, long bytes, MemoryKind kind);
}
