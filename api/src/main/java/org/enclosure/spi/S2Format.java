package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The bit layout of a stage-2 table that the engine walks and writes for the halves that it owns. Data, so that a walk makes
/// no virtual call.
///
/// ```
///  63                                     12 11                   0
/// +-----------------------------------------+----------------------+
/// |  frameMask: the pfn, as address bits    | present writable leaf|
/// +-----------------------------------------+----------------------+
/// ```
///
/// @param topLevel level of the root table: 3, 4 or 5
/// @param rootEntries entries of the root table: a power of two from 2 to 8192 (more than 512 = joined root tables)
/// @param present the bits that are set in every entry that is present, table or leaf; an entry with none of them is empty
/// @param writable the bit that lets a leaf be written; set in all table entries
/// @param leaf the bit that makes an entry of level 2 or 3 map memory; never set at level 1
/// @param frameMask the bits that hold the address of the frame
@API(status = EXPERIMENTAL, since = "0.1")
public record S2Format(int topLevel, int rootEntries, long present, long writable, long leaf, long frameMask) {
    /// Checks ranges and that no two fields share a bit.
    public S2Format {
        if (topLevel < 3 || topLevel > 5) {
            throw new IllegalArgumentException("topLevel " + topLevel + " is not 3, 4 or 5");
        }
        if (Integer.bitCount(rootEntries) != 1 || rootEntries < 2 || rootEntries > 8192) {
            throw new IllegalArgumentException("rootEntries " + rootEntries + " is not a power of two from 2 to 8192");
        }
        if (present == 0 || leaf == 0 || frameMask == 0 || (frameMask & 0xfff) != 0) {
            throw new IllegalArgumentException(
                    "present 0x" + Long.toHexString(present) + ", leaf 0x" + Long.toHexString(leaf)
                            + " and frameMask 0x"
                            + Long.toHexString(frameMask) + " must have bits, frameMask none below bit 12");
        }
        if ((present & leaf | present & frameMask | leaf & frameMask | writable & (leaf | frameMask)) != 0) {
            throw new IllegalArgumentException("present 0x" + Long.toHexString(present) + ", writable 0x"
                    + Long.toHexString(writable) + ", leaf 0x" + Long.toHexString(leaf) + " and frameMask 0x"
                    + Long.toHexString(frameMask) + " share a bit; only present and writable may");
        }
    }

    /// How many gfns the table can map.
    public long gfnLimit() {
        return (long) rootEntries << 9 * (topLevel - 1);
    }

    /// The order of the aligned block of frames that holds the root table.
    public int rootOrder() {
        return Math.max(0, Integer.numberOfTrailingZeros(rootEntries) - 9);
    }
}
