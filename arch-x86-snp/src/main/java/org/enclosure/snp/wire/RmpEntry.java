package org.enclosure.snp.wire;

/// One RMP entry of 16 bytes, little-endian, as parts of the Zen 3 and Zen 4 generation lay it out (AMD calls it
/// non-architectural).
///
/// ```
///      63   62    61   60     51 50            12 11       3    2     1        0
/// lo  +----+-----+----+---------+----------------+----------+------+----+----------+
///     |lock|valid|vmsa|  ASID   |   GPA[50:12]   |sub-pages |immut.| 2M | assigned |
///     +----+-----+----+---------+----------------+----------+------+----+----------+
/// hi   31:24 VMPL3   23:16 VMPL2   15:8 VMPL1   7:0 VMPL0     permission masks
/// ```
///
/// `sub-pages` counts the assigned 4K pages of a 2M region without the first; it is kept in the region's first entry. A mask has
/// bit 0 read, 1 write, 2 execute user, 3 execute supervisor, 4 supervisor shadow stack.
public final class RmpEntry {
    /// lo: the page has an owner.
    public static final long ASSIGNED = 1;
    /// lo: the entry is of a 2M page.
    public static final long LARGE = 1L << 1;
    /// lo: RMPUPDATE cannot change the entry.
    public static final long IMMUTABLE = 1L << 2;
    /// lo: the count of assigned sub-pages.
    public static final int COUNT_SHIFT = 3;
    /// lo: the count of assigned sub-pages, in place.
    public static final long COUNT_MASK = 0x1ffL << COUNT_SHIFT;
    /// lo: GPA bits 50 to 12, in place.
    public static final long GPA_MASK = 0x0007_ffff_ffff_f000L;
    /// lo: where the ASID begins.
    public static final int ASID_SHIFT = 51;
    /// The largest ASID of an entry.
    public static final long MAX_ASID = 0x3ff;
    /// lo: the page holds the state of a vCPU.
    public static final long VMSA = 1L << 61;
    /// lo: the guest has validated the page.
    public static final long VALIDATED = 1L << 62;
    /// lo: the page is in use by a running vCPU or by the firmware.
    public static final long LOCK = 1L << 63;
    /// How many privilege levels a guest has.
    public static final int LEVELS = 4;
    /// A mask with all permissions.
    public static final long ALL_PERMISSIONS = 0x1f;
    /// hi of a page that was just assigned: VMPL0 may do everything, nobody else anything.
    public static final long FRESH_PERMISSIONS = ALL_PERMISSIONS;

    private static final int MASK_BITS = 8;

    private RmpEntry() {
    }

    /// A lo word.
    ///
    /// @param flags of [#ASSIGNED], [#LARGE], [#IMMUTABLE], [#VMSA], [#VALIDATED], [#LOCK]
    public static long of(long flags, long gpa, long asid, long count) {
        return flags | gpa & GPA_MASK | (asid & MAX_ASID) << ASID_SHIFT | count << COUNT_SHIFT & COUNT_MASK;
    }

    /// The guest physical address of an entry.
    public static long gpa(long lo) {
        return lo & GPA_MASK;
    }

    /// The owner of an entry; 0 is the firmware, or nobody.
    public static long asid(long lo) {
        return lo >>> ASID_SHIFT & MAX_ASID;
    }

    /// How many 4K pages of the region are assigned, the first left out.
    public static long count(long lo) {
        return (lo & COUNT_MASK) >>> COUNT_SHIFT;
    }

    /// The permission mask of a privilege level.
    public static long permissions(long hi, int vmpl) {
        return hi >>> vmpl * MASK_BITS & 0xff;
    }

    /// A hi word with another mask for one level.
    public static long withPermissions(long hi, int vmpl, long mask) {
        int shift = vmpl * MASK_BITS;
        return hi & ~(0xffL << shift) | (mask & 0xff) << shift;
    }
}
