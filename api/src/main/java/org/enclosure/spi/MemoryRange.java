package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A range of host physical addresses.
///
/// @param pa first byte, a multiple of 4096
/// @param bytes length, a positive multiple of 4096
/// @param kind what answers there
@API(status = EXPERIMENTAL, since = "0.1")
public record MemoryRange(long pa, long bytes, Kind kind) {
    /// What a range of physical addresses is.
    @API(status = EXPERIMENTAL, since = "0.1")
    public enum Kind {
        /// Ordinary memory.
        RAM,
        /// A device; there is no frame behind it.
        DEVICE
    }

    /// Checks alignment and sign.
    public MemoryRange {
        if (pa < 0 || bytes <= 0 || ((pa | bytes) & 0xfff) != 0 || pa + bytes < 0) {
            throw new IllegalArgumentException(
                    "memory range pa=0x" + Long.toHexString(pa) + " bytes=0x" + Long.toHexString(bytes)
                            + " is not made of whole 4K pages below 2^63");
        }
    }

    /// Whether the byte at `address` lies in the range.
    public boolean contains(long address) {
        return address >= pa && address - pa < bytes;
    }
}
