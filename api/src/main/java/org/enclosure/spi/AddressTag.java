package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The bit of a guest address that tells whether an access is private.
///
/// @param mask exactly one bit, above the page offset
/// @param setMeansPrivate whether a set bit means private (else it means shared)
@API(status = EXPERIMENTAL, since = "0.1")
public record AddressTag(long mask, boolean setMeansPrivate) {
    /// Checks that the mask is one bit from 12 to 62.
    public AddressTag {
        if (Long.bitCount(mask) != 1 || mask < 1L << 12) {
            throw new IllegalArgumentException(
                    "an address tag is exactly one of the bits 12 to 62, not 0x" + Long.toHexString(mask));
        }
    }

    /// The address by which a guest reaches `gpa` in the given kind.
    ///
    /// @param gpa without the tag
    public long tagged(long gpa, boolean isPrivate) {
        return isPrivate == setMeansPrivate ? gpa | mask : gpa & ~mask;
    }

    /// Whether an access to `address` is to the private half.
    public boolean isPrivate(long address) {
        return (address & mask) != 0 == setMeansPrivate;
    }
}
