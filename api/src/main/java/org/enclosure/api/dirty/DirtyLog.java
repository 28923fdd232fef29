package org.enclosure.api.dirty;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The dirty log of one VM: which pages of slots with [org.enclosure.api.slot.MemslotFlag#LOG_DIRTY] the guest has written
/// (KVM_GET_DIRTY_LOG, KVM_CLEAR_DIRTY_LOG and the dirty ring; `Documentation/virt/kvm/api.rst`). Slots with a store cannot log.
///
/// What was reported is content that a reader sees after the call: writes that were under way have ended. A page that is written
/// meanwhile is reported again. Writes of the host through a mapping are not recorded; a conversion of the range is. A huge
/// mapping is split while its slot logs. Any thread; `docs/dirty-log.md`.
@API(status = EXPERIMENTAL, since = "0.1")
public interface DirtyLog {
    /// The least entries of a ring: one page of them.
    int MIN_RING = 256;
    /// The most entries of a ring.
    int MAX_RING = 65_536;

    /// From now on [#get] only reads; [#clear] starts pages anew (KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2).
    ///
    /// @param initiallySet all pages of a slot that begins to log count as written, and its huge mappings are split at the first
    ///        clear instead of at once
    void enableManualProtect(boolean initiallySet);

    /// From now on pages are recorded in a ring per vCPU instead of bitmaps (KVM_CAP_DIRTY_LOG_RING).
    ///
    /// @param entries a power of two
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if it is not a power of two or under [#MIN_RING]; E2BIG if over
    ///         [#MAX_RING]; EINVAL if a vCPU exists or the ring is on
    void enableRing(int entries);

    /// Reads the log of a slot: bit n of word m says that page 64 m + n was written. Without manual protect the log is empty
    /// afterwards.
    ///
    /// @param bitmap one bit a page, rounded up to words
    /// @throws org.enclosure.api.GuestMemoryException ENXIO in ring mode; EINVAL for an id out of range; ENOENT if there is no
    ///         such slot or it does not log; EFAULT if the bitmap is too short
    void get(int slot, long[] bitmap);

    /// Starts the pages anew whose bits are set in a bitmap.
    ///
    /// @param firstPage a multiple of 64
    /// @param pages a multiple of 64, unless the range ends with the slot
    /// @param bitmap bit 0 of word 0 is `firstPage`; on return it has the bits that were set in both
    /// @throws org.enclosure.api.GuestMemoryException ENXIO, EINVAL for an id out of range or a `firstPage` that is not a
    ///         multiple of 64, ENOENT as [#get]; EINVAL for an illegal number of pages; EFAULT
    void clear(int slot, long firstPage, long pages, long[] bitmap);

    /// The ring of a vCPU.
    ///
    /// @throws org.enclosure.api.GuestMemoryException ENXIO without ring mode, ENOENT if there is no such vCPU
    DirtyRing ring(int vcpu);

    /// Starts all pages anew that were harvested from the rings, and makes room there (KVM_RESET_DIRTY_RINGS).
    ///
    /// @return how many entries
    /// @throws org.enclosure.api.GuestMemoryException ENXIO without ring mode
    int resetRings();
}
