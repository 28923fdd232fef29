package org.enclosure.cca.machine;

import org.enclosure.spi.PhysicalMemory;

/// The realm descriptor in its granule: byte offsets, and the questions that every command asks.
///
/// ```
/// 0x00 state        0x08 first start-level table | start level     0x10 IPA width    0x18 start-level tables
/// 0x20 vmid         0x28 hash algorithm    0x30 next REC index     0x38 removed tables, counted
/// 0x100 measurements 0 (RIM) to 4, 64 bytes each      0x300 personalisation value
/// ```
final class Rd {
    static final int STATE = 0;
    static final int ROOT = 0x8;
    static final int WIDTH = 0x10;
    static final int TABLES = 0x18;
    static final int VMID = 0x20;
    static final int HASH = 0x28;
    static final int NEXT_REC = 0x30;
    static final int REMOVED = 0x38;
    static final int MEASUREMENTS = 0x100;
    static final int MEASUREMENT_BYTES = 64;
    static final int RPV = 0x300;

    static final int NEW = 0;
    static final int ACTIVE = 1;
    static final int SYSTEM_OFF = 2;

    static final int MEASUREMENT_COUNT = 5;

    private static final long LEVEL_MASK = 7;

    private Rd() {
    }

    static int state(PhysicalMemory memory, long rd) {
        return (int) memory.getLongAcquire(rd + STATE); // ORDERING: partner setState
    }

    static void setState(PhysicalMemory memory, long rd, int state) {
        memory.putLongRelease(rd + STATE, state); // ORDERING: partner state
    }

    static int startLevel(PhysicalMemory memory, long rd) {
        return (int) (memory.getLong(rd + ROOT) & LEVEL_MASK);
    }

    /// One behind the last IPA.
    static long limit(PhysicalMemory memory, long rd) {
        return 1L << memory.getLong(rd + WIDTH);
    }

    /// One behind the last protected IPA.
    static long half(PhysicalMemory memory, long rd) {
        return 1L << memory.getLong(rd + WIDTH) - 1;
    }

    static boolean isProtected(PhysicalMemory memory, long rd, long ipa) {
        return Long.compareUnsigned(ipa, half(memory, rd)) < 0;
    }

    static boolean isProtectedGranule(PhysicalMemory memory, long rd, long ipa) {
        return (ipa & Granules.SIZE - 1) == 0 && isProtected(memory, rd, ipa);
    }

    /// Whether a range of whole granules lies in the protected half.
    static boolean isProtectedRange(PhysicalMemory memory, long rd, long base, long top) {
        return ((base | top) & Granules.SIZE - 1) == 0 && Long.compareUnsigned(base, top) < 0
                && Long.compareUnsigned(top, half(memory, rd)) <= 0;
    }
}
