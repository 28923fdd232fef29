package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// Which pages are shared, for a migration: the list that was proposed for KVM (KVM_GET_SHARED_PAGES_LIST and SET, "KVM: x86",
/// v10, 2021). It is sorted and merged; what is not in it is private. By the policy `status` the engine keeps it (`list`,
/// `both`), walks the architecture's tables for it (`table`), or leaves it to the VMM (`exit`).
///
/// Any thread. [#get()] is exact at one moment.
@API(status = EXPERIMENTAL, since = "0.1")
public interface SharedPages {
    /// The shared ranges of all slots.
    ///
    /// @throws org.enclosure.api.GuestMemoryException ENOTTY with `status=exit`
    List<PageRange> get();

    /// Makes these ranges shared and everything else in the slots private: the destination of a migration loads the list, a
    /// reboot an empty one. Ranges need not be sorted and may overlap; parts that nothing backs are ignored.
    ///
    /// There are two changes, each all or nothing: first everything that has to become private, then everything that has to
    /// become shared, which no pin stands against.
    ///
    /// @throws org.enclosure.api.GuestMemoryException ENOTTY with `status=exit`; EINVAL for an illegal range; EAGAIN if a page
    ///         that has to become private is held (all these before anything changes); then as [ConversionService#convert]
    void set(List<PageRange> shared);

    /// How many pages the walks of the architecture's tables have looked at.
    long walkedPages();
}
