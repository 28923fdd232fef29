package org.enclosure.api.slot;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.List;

import org.apiguardian.api.API;

/// The memslots of one VM. Changes are made one at a time and may be made while vCPUs run; the faults of running vCPUs see
/// either the old or the new set.
@API(status = STABLE, since = "0.1")
public interface Memslots {
    /// How many slots a VM can have; also the bound of their ids.
    int MAX_SLOTS = 32764;

    /// The slots, by gpa.
    List<Memslot> list();

    /// Counts the changes made.
    long generation();

    /// Creates a slot. Errors in the order in which they are checked:
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for flags that do not go together (a slot with a store cannot be
    ///         read-only; in profile 6.12 a VM without private memory has no slots with a store), for gpa, length or an
    ///         offset that is not a multiple of 4096, a length that is not positive or over 2^31 - 1 pages, a range that
    ///         wraps or lies above the VM's address space, an id out of range or in use, or a slot with neither mapping nor
    ///         store; EEXIST if the range overlaps another slot; EBADF if the store or the mapping is closed; EINVAL if the
    ///         store is another VM's, the mapping another host's, or the range goes past its end; EEXIST (EINVAL in the
    ///         profiles 6.12 and 6.18) if a page of the store is bound already and
    ///         [org.enclosure.api.policy.PolicyKey#ALIASES] is `refuse`
    void create(Memslot slot);

    /// Creates, moves, changes or deletes a slot, as the one call of KVM does (KVM_SET_USER_MEMORY_REGION2,
    /// `virt/kvm/kvm_main.c`): a length of 0 deletes, an id that is free creates, an id in use moves (another gpa) or changes
    /// flags (the same gpa). The same slot again is a success without effect. A slot that has a store can only be deleted.
    ///
    /// While a slot moves, vCPUs that touch its old or new range wait; none sees a mixture.
    ///
    /// @throws org.enclosure.api.GuestMemoryException the errors of [#create] in the same order, but for an id in use: EINVAL
    ///         if the old or the new slot has a store, if mapping, mapping offset or length differ, or if READONLY differs. A
    ///         delete: EINVAL if there is no such slot; flags, store and mapping are not looked at. A delete or a move: EPERM if
    ///         pages of the VM type stay the guest's as long as the VM lives
    void set(Memslot slot);

    /// Deletes a slot; afterwards nothing reaches its memory through it. Attributes stay.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if there is no such slot; EPERM as [#set]
    void delete(int id);
}
