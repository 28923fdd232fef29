package org.enclosure.cca.wire;

/// One entry of a realm translation table: a stage-2 descriptor whose invalid forms carry the RMM's own state.
///
/// ```
///  63     56 55 54 53   48 47            12 11    8 7  6 5 4   2 1 0
/// +---------+--+--+-------+----------------+-------+----+-+-----+---+
/// |    0    |NS|XN|   0   |  output address| AF,SH |S2AP| |MemAt|v t|   valid: page, block or table
/// |    0    |NS| 0|   0   |  output address|   0   |0|RIPAS|HIPAS|0 0|   invalid; RIPAS in 6:5, HIPAS in 4:2
/// +---------+--+--+-------+----------------+-------+----+-+-----+---+
/// ```
///
/// The word 0 is UNASSIGNED/EMPTY, so a wiped granule is an empty table of the protected half. Levels are the
/// architecture's: 0 is the highest, 3 has the pages.
public final class RttEntry {
    /// Entry of the unprotected half without a mapping.
    public static final long UNASSIGNED_NS = 1L << 55;
    /// Bits of an entry that are an address.
    public static final long ADDRESS = 0x0000_ffff_ffff_f000L;
    /// Bits of a host descriptor that are not the address: S2AP and MemAttr.
    public static final long HOST_ATTRIBUTES = 0xdc;
    /// Level with the pages.
    public static final int PAGE_LEVEL = 3;
    /// Entries of a table.
    public static final int ENTRIES = 512;

    /// Kind: no page, protected half.
    public static final int UNASSIGNED = 0;
    /// Kind: a page or block of the realm.
    public static final int ASSIGNED = 1;
    /// Kind: no mapping, unprotected half.
    public static final int NS_UNASSIGNED = 2;
    /// Kind: a mapping of the host's memory.
    public static final int NS_ASSIGNED = 3;
    /// Kind: a table.
    public static final int TABLE = 4;

    private static final long VALID = 1;
    private static final long TABLE_OR_PAGE = 3;
    private static final long HIPAS_ASSIGNED = 1 << 2;
    private static final int RIPAS_SHIFT = 5;
    /// Access flag, inner shareable, read and write, normal memory.
    private static final long REALM_ATTRIBUTES = 0x7d8;
    private static final long NS_ATTRIBUTES = UNASSIGNED_NS | 1L << 54 | 0x700;
    private static final long MEM_ATTR = 0x1c;
    private static final long MEM_ATTR_RESERVED = 0x10;

    private RttEntry() {
    }

    /// UNASSIGNED with a RIPAS.
    public static long unassigned(int ripas) {
        return (long) ripas << RIPAS_SHIFT;
    }

    /// ASSIGNED with a RIPAS; valid only with RAM.
    public static long assigned(long pa, int ripas, int level) {
        return ripas == Ripas.RAM ? pa | REALM_ATTRIBUTES | leafType(level)
                : pa | HIPAS_ASSIGNED | (long) ripas << RIPAS_SHIFT;
    }

    /// A mapping of the host's memory.
    ///
    /// @param descriptor legal by [#isHostDescriptor]
    public static long assignedNs(long descriptor, int level) {
        return descriptor | NS_ATTRIBUTES | leafType(level);
    }

    /// A table.
    public static long table(long pa) {
        return pa | TABLE_OR_PAGE;
    }

    /// The kind of an entry.
    public static int kind(long entry, int level) {
        if ((entry & TABLE_OR_PAGE) == TABLE_OR_PAGE && level < PAGE_LEVEL) {
            return TABLE;
        }
        boolean isNs = (entry & UNASSIGNED_NS) != 0;
        if ((entry & VALID) != 0) {
            return isNs ? NS_ASSIGNED : ASSIGNED;
        }
        return isNs ? NS_UNASSIGNED : (entry & HIPAS_ASSIGNED) != 0 ? ASSIGNED : UNASSIGNED;
    }

    /// Whether an entry is a table.
    public static boolean isTable(long entry, int level) {
        return level < PAGE_LEVEL && (entry & TABLE_OR_PAGE) == TABLE_OR_PAGE;
    }

    /// Whether an entry has an address: ASSIGNED, ASSIGNED_NS or TABLE.
    public static boolean isLive(long entry) {
        return (entry & (VALID | HIPAS_ASSIGNED)) != 0;
    }

    /// The RIPAS of an entry of the protected half that is no table.
    public static int ripas(long entry) {
        return (entry & VALID) != 0 ? Ripas.RAM : (int) (entry >>> RIPAS_SHIFT) & 3;
    }

    /// The address in an entry.
    public static long address(long entry) {
        return entry & ADDRESS;
    }

    /// The part of an ASSIGNED_NS entry that the host gave.
    public static long hostPart(long entry) {
        return entry & (ADDRESS | HOST_ATTRIBUTES);
    }

    /// Whether the host may map with a descriptor at a level: an aligned address, S2AP, and a MemAttr other than 0b100.
    public static boolean isHostDescriptor(long descriptor, int level) {
        long legal = ADDRESS & -size(level) | HOST_ATTRIBUTES;
        return (descriptor & ~legal) == 0 && (descriptor & MEM_ATTR) != MEM_ATTR_RESERVED;
    }

    /// log2 of what an entry of a level covers.
    public static int shift(int level) {
        return 12 + 9 * (PAGE_LEVEL - level);
    }

    /// What an entry of a level covers, in bytes.
    public static long size(int level) {
        return 1L << shift(level);
    }

    private static long leafType(int level) {
        return level == PAGE_LEVEL ? TABLE_OR_PAGE : VALID;
    }
}
