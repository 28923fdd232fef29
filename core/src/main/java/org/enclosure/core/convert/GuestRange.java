package org.enclosure.core.convert;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;

/// Checks ranges that come from outside: the arithmetic that a guest or a VMM can get wrong.
public final class GuestRange {
    private GuestRange() {
    }

    /// Checks a range of guest addresses.
    ///
    /// @param gfnLimit the first gfn that does not exist
    /// @throws GuestMemoryException EINVAL
    public static void check(long gpa, long bytes, long gfnLimit) {
        if (!Paging.isPageAligned(gpa) || !Paging.isPageAligned(bytes)) {
            throw illegal(gpa, bytes, "both have to be multiples of 4096");
        }
        if (bytes <= 0) {
            throw illegal(gpa, bytes, "the length has to be positive");
        }
        long limit = gfnLimit << Paging.PAGE_SHIFT;
        if (gpa < 0 || gpa >= limit || bytes > limit - gpa) {
            throw illegal(gpa, bytes, "the range has to lie below gpa 0x" + Long.toHexString(limit));
        }
    }

    private static GuestMemoryException illegal(long gpa, long bytes, String rule) {
        return new GuestMemoryException(Errno.EINVAL,
                "gpa 0x" + Long.toHexString(gpa) + ", 0x" + Long.toHexString(bytes) + " bytes: " + rule);
    }

    /// Checks a range of a store or mapping of `size` bytes.
    ///
    /// @param what names the object, for the message
    /// @throws GuestMemoryException EINVAL
    public static void checkWithin(String what, long offset, long bytes, long size) {
        checkAligned(what, offset, bytes);
        if (offset >= size || bytes > size - offset) {
            throw new GuestMemoryException(Errno.EINVAL, what + ": offset 0x" + Long.toHexString(offset) + ", 0x"
                    + Long.toHexString(bytes) + " bytes goes past its end at 0x" + Long.toHexString(size));
        }
    }

    /// What a file's range is checked for before its alignment (`vfs_fallocate`): sign, then the end.
    ///
    /// @throws GuestMemoryException EINVAL, EFBIG
    public static void checkFileRange(String what, long offset, long bytes) {
        if (offset < 0 || bytes <= 0) {
            throw new GuestMemoryException(Errno.EINVAL, what + ": offset " + offset + ", " + bytes
                    + " bytes; the offset cannot be negative, and the length has to be positive");
        }
        if (offset > Long.MAX_VALUE - bytes) {
            throw new GuestMemoryException(Errno.EFBIG, what + ": offset 0x" + Long.toHexString(offset) + ", 0x"
                    + Long.toHexString(bytes) + " bytes ends beyond 2^63 - 1");
        }
    }

    /// Checks alignment and sign only.
    ///
    /// @throws GuestMemoryException EINVAL
    public static void checkAligned(String what, long offset, long bytes) {
        if (offset < 0 || bytes <= 0 || !Paging.isPageAligned(offset) || !Paging.isPageAligned(bytes)) {
            throw new GuestMemoryException(Errno.EINVAL, what + ": offset 0x" + Long.toHexString(offset) + ", 0x"
                    + Long.toHexString(bytes) + " bytes; both have to be multiples of 4096, the length positive");
        }
    }
}
