package org.enclosure.api;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// The error numbers that KVM users know, with their Linux values on x86-64 and arm64.
@API(status = STABLE, since = "0.1")
public enum Errno {
    /// Operation not permitted.
    EPERM(1),
    /// No such object, or no memslot at this address.
    ENOENT(2),
    /// The calling thread was interrupted; what was done so far stays.
    EINTR(4),
    /// The hardware model refused.
    EIO(5),
    /// The object works in another mode.
    ENXIO(6),
    /// The argument is too large.
    E2BIG(7),
    /// The object was closed.
    EBADF(9),
    /// Somebody holds what has to be given up; the error offset and the holders are in the exception.
    EAGAIN(11),
    /// Out of frames, or a limit was reached.
    ENOMEM(12),
    /// The memory cannot be reached in the way asked.
    EFAULT(14),
    /// The object is in use.
    EBUSY(16),
    /// The range overlaps an existing one.
    EEXIST(17),
    /// The object does not support mapping.
    ENODEV(19),
    /// An argument is not legal.
    EINVAL(22),
    /// The call is not available on this object.
    ENOTTY(25),
    /// The end of the range is beyond all that a file can have.
    EFBIG(27),
    /// The operation is not supported.
    EOPNOTSUPP(95),
    /// The page was poisoned by a memory failure.
    EHWPOISON(133);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /// The number, positive, as in `errno.h`.
    public int number() {
        return number;
    }
}
