package org.enclosure.api.store;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.Set;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;

/// Memory of one VM, by offset: what guest_memfd is to KVM. Nothing is allocated before it is used.
///
/// A store keeps its VM alive; a memslot does not keep its store. Methods may be called on any thread; those that change
/// something wait for one another. Errors are [org.enclosure.api.GuestMemoryException]s; a call that throws changed nothing.
@API(status = STABLE, since = "0.1")
public interface GuestMemoryStore extends AutoCloseable {
    /// Size in bytes, a multiple of 4096, fixed.
    long size();

    /// The flags it was created with.
    Set<StoreFlag> flags();

    /// Allocates all pages of a range that are not there yet.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EBADF if closed; EINVAL if the offset is negative or the length is not
    ///         positive; EFBIG if the end of the range exceeds 2^63 - 1; EINVAL if offset or length is not a multiple of 4096
    ///         or the range does not lie in the store; EINTR if the calling thread is interrupted, ENOMEM (in both cases pages
    ///         allocated so far stay)
    void allocate(long offset, long bytes);

    /// Frees all pages of a range; they read as zero when they are used again. Attributes and mappings stay. The part of the
    /// range at and beyond the end of the store is ignored.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EBADF if closed; EINVAL if the offset is negative or the length is not
    ///         positive; EFBIG if the end of the range exceeds 2^63 - 1; EINVAL if offset or length is not a multiple of 4096;
    ///         EAGAIN if a page is pinned, with the offset and the holders
    void punchHole(long offset, long bytes);

    /// Makes a range shared or private, all or nothing. Works without a memslot and without a vCPU.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal range, or to-private where the VM type has no
    ///         private memory; ENOTTY if the kind is not kept by the store (split backing); EAGAIN if a page is pinned or a
    ///         participant vetoes; EIO if the architecture refuses; ENOMEM; EBADF if closed
    void convert(long offset, long bytes, MemoryKind target);

    /// The kind of the page at an offset.
    MemoryKind kind(long offset);

    /// Bytes of memory that the store holds now.
    long allocatedBytes();

    /// What it holds, and its limit. A limit that is reached is ENOMEM: for `allocate`, and in the exit of a guest's access.
    MemoryStats stats();

    /// Where its pages come from. Pages from a pool are allocated and freed whole: a hole that covers one in part makes its bytes
    /// zero and gives nothing back.
    StoreKind kind();

    /// Gives the memory up. Memslots that are bound to it stay, empty: a private access there is a MEMORY_FAULT.
    @Override
    void close();
}
