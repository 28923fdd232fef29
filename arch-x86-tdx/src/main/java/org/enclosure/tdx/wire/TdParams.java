package org.enclosure.tdx.wire;

import org.enclosure.spi.PhysicalMemory;

/// TD_PARAMS: what TDH.MNG.INIT is given, 1024 bytes, aligned to as many.
///
/// ```
/// 0x000 ATTRIBUTES (8)     0x010 MAX_VCPUS (2)      0x018 EPTP_CONTROLS (8)    0x020 CONFIG_FLAGS (8)
/// 0x008 XFAM (8)           0x012 NUM_L2_VMS (1)     0x028 TSC_FREQUENCY (2)
/// 0x050 MRCONFIGID (48)    0x080 MROWNER (48)       0x0b0 MROWNERCONFIG (48)   0x100 CPUID configuration
/// ```
///
/// CONFIG_FLAGS: bit 0 GPAW (0 = 48, 1 = 52), bit 1 FLEXIBLE_PENDING_VE, bit 2 NO_RBP_MOD. EPTP_CONTROLS: bits 2:0 memory type (6),
/// bits 5:3 walk length (3 = 4 levels, 4 = 5 levels).
public final class TdParams {
    /// Size and alignment.
    public static final long BYTES = 1024;
    /// The walk length field for a 4-level table.
    public static final long EPTP_4_LEVELS = 6 | 3 << 3;
    /// The walk length field for a 5-level table.
    public static final long EPTP_5_LEVELS = 6 | 4 << 3;

    private static final int MAX_VCPUS = 0x10;
    private static final int EPTP = 0x18;
    private static final int FLAGS = 0x20;
    private static final int TSC = 0x28;
    private static final int GPAW_52 = 1;
    private static final int FIRST_TSC = 4;
    private static final int LAST_TSC = 400;

    private TdParams() {
    }

    /// Writes parameters for a TD; the rest is zero.
    public static void write(PhysicalMemory memory, long pa, long attributes, int maxVcpus, boolean isWide) {
        memory.zero(pa, BYTES);
        memory.putLong(pa, attributes);
        memory.putLong(pa + MAX_VCPUS, maxVcpus);
        memory.putLong(pa + EPTP, isWide ? EPTP_5_LEVELS : EPTP_4_LEVELS);
        memory.putLong(pa + FLAGS, isWide ? GPAW_52 : 0);
        memory.putLong(pa + TSC, 100);
    }

    /// The number of the first field that is illegal, a constant of [OperandId], or 0.
    public static int firstIllegal(PhysicalMemory memory, long pa) {
        long attributes = attributes(memory, pa);
        boolean isMigratable = (attributes & Attributes.MIGRATABLE) != 0;
        if ((attributes & ~Attributes.KNOWN) != 0
                || isMigratable && (attributes & (Attributes.DEBUG | Attributes.PERFMON)) != 0) {
            return OperandId.ATTRIBUTES;
        }
        long eptp = memory.getLong(pa + EPTP);
        boolean isWide = gpaw(memory, pa) == 52;
        if (eptp != EPTP_5_LEVELS && (eptp != EPTP_4_LEVELS || isWide)) {
            return OperandId.EPTP_CONTROLS;
        }
        if (maxVcpus(memory, pa) == 0) {
            return OperandId.MAX_VCPUS;
        }
        long tsc = memory.getLong(pa + TSC) & 0xffff;
        return tsc >= FIRST_TSC && tsc <= LAST_TSC ? 0 : OperandId.TSC_FREQUENCY;
    }

    /// The attributes.
    public static long attributes(PhysicalMemory memory, long pa) {
        return memory.getLong(pa);
    }

    /// The most vCPUs.
    public static int maxVcpus(PhysicalMemory memory, long pa) {
        return (int) memory.getLong(pa + MAX_VCPUS) & 0xffff;
    }

    /// Width of guest addresses.
    public static int gpaw(PhysicalMemory memory, long pa) {
        return (memory.getLong(pa + FLAGS) & GPAW_52) == 0 ? 48 : 52;
    }

    /// Level of the root table's entries.
    public static int topLevel(PhysicalMemory memory, long pa) {
        return memory.getLong(pa + EPTP) == EPTP_5_LEVELS ? 4 : 3;
    }
}
