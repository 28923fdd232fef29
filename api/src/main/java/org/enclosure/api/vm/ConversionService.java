package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;

/// Conversions by guest address, for a VMM. All or nothing; allocates nothing when it succeeds.
@API(status = EXPERIMENTAL, since = "0.1")
public interface ConversionService {
    /// Converts a range, on the host's own account: the policy is not asked, the participants are told. The range may span
    /// slots and stores. Where nothing backs it, to-shared is a success without effect (MMIO).
    ///
    /// @param gpa first byte, without the tag
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if gpa or length is not a multiple of 4096, the length is not
    ///         positive, the range wraps or lies above the VM's address space, or a part that nothing backs would become
    ///         private; EAGAIN if a page is pinned or a participant vetoes; EIO if the architecture refuses; ENOMEM; the error
    ///         offset is relative to `gpa`
    void convert(long gpa, long bytes, MemoryKind target);

    /// Asks the VM's policy first, as for a request of the guest.
    ///
    /// @param vcpu who asks
    /// @return 0; -22 (EINVAL) if the policy denies or the request is illegal; -11 (EAGAIN) if it answers BUSY or a page is
    ///         held; any other negative errno
    long request(int vcpu, long gpa, long bytes, MemoryKind target);
}
