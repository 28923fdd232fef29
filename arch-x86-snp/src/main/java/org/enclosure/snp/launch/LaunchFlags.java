package org.enclosure.snp.launch;

import org.enclosure.spi.LaunchItem;

/// The flags of this architecture's launch items.
///
/// ```
///  63                32 31     24 23     16 15      8 7        2   1       0
/// +--------------------+---------+---------+---------+----------+--------+-----+
/// | eip or page offset |  VMPL3  |  VMPL2  |  VMPL1  |    0     | HASHES | IMI |
/// +--------------------+---------+---------+---------+----------+--------+-----+
/// ```
///
/// - IMI: the page belongs to the initial migration image (SEV-SNP Firmware ABI, section 8.17).
/// - HASHES: the page holds the table of the kernel's hashes at the byte offset in bits 63:32; it is in no image, whoever loads
///   the page writes it ([LaunchOptions#hashTable()]).
/// - VMPL1 to VMPL3: the permission masks of the page.
/// - Items of type VMSA carry the address at which the vCPU starts in bits 63:32.
public final class LaunchFlags {
    /// The page belongs to the initial migration image.
    public static final long IMI = 1;
    /// The page holds the table of hashes.
    public static final long HASHES = 2;

    private static final int MASKS_SHIFT = 8;
    private static final long MASKS = 0xFF_FFFFL;
    private static final int VALUE_SHIFT = 32;

    private LaunchFlags() {
    }

    /// Whether the page belongs to the initial migration image.
    public static boolean isImi(LaunchItem item) {
        return (item.flags() & IMI) != 0;
    }

    /// Whether the page holds the table of hashes.
    public static boolean isHashes(LaunchItem item) {
        return (item.flags() & HASHES) != 0;
    }

    /// The permission masks, as [LaunchDigest#extend] takes them.
    public static int masks(LaunchItem item) {
        return (int) (item.flags() >>> MASKS_SHIFT & MASKS);
    }

    /// The address at which a vCPU starts, of an item of type VMSA.
    public static long eip(LaunchItem item) {
        return item.flags() >>> VALUE_SHIFT;
    }

    /// Where in its page the table lies, of an item with HASHES.
    public static int offset(LaunchItem item) {
        return (int) (item.flags() >>> VALUE_SHIFT);
    }

    static long ofEip(long eip) {
        return eip << VALUE_SHIFT;
    }

    static long ofHashes(int offset) {
        return HASHES | (long) offset << VALUE_SHIFT;
    }
}
