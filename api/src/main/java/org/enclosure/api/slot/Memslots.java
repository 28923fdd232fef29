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
    ///         read-only), for gpa, length or an offset that is not a multiple of 4096, a length that is not positive or over
    ///         2^31 - 1 pages, a range that wraps or lies above the VM's address space, an id out of range or in use, or a slot
    ///         with neither mapping nor store; EEXIST if the range overlaps another slot; EBADF if the store is closed; EINVAL
    ///         if the store or the mapping is another VM's or host's, the range goes past its end, or a page of the store is
    ///         bound already
    void create(Memslot slot);

    /// Deletes a slot; afterwards nothing reaches its memory through it. Attributes stay.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if there is no such slot
    void delete(int id);
}
