package org.enclosure.snp.launch;

import org.enclosure.api.Paging;

/// One section of the SEV metadata: a range that the VMM prepares before the guest starts.
///
/// @param gpa first byte
/// @param size in bytes
/// @param type one of the constants, or a number that nobody has given a meaning
record Section(long gpa, long size, long type) {
    /// Memory that the firmware uses before it can accept any.
    static final int SEC_MEM = 1;
    /// Where the secrets page goes.
    static final int SECRETS = 2;
    /// Where the CPUID page goes.
    static final int CPUID = 3;
    /// The calling area of an SVSM.
    static final int SVSM_CAA = 4;
    /// Where the table of the kernel's hashes goes.
    static final int KERNEL_HASHES = 0x10;

    /// End of what a section can describe: addresses have 32 bits.
    private static final long LIMIT = 1L << 32;

    /// Refuses what cannot be loaded.
    ///
    /// @throws FirmwareException SECTION
    void check() {
        if (!isKnown()) {
            throw refused("its type is not known; legal: 1 memory, 2 secrets, 3 CPUID, 4 SVSM calling area,"
                    + " 0x10 kernel hashes");
        }
        if (!Paging.isPageAligned(gpa) || !Paging.isPageAligned(size) || size == 0) {
            throw refused("address and size have to be multiples of 4096, and the size is not 0");
        }
        if (size > LIMIT - gpa) {
            throw refused("it passes 4 GiB");
        }
        if ((type == SECRETS || type == CPUID) && size != Paging.PAGE_SIZE) {
            throw refused("the firmware interface takes one page of 4096 bytes of this type");
        }
    }

    boolean overlaps(long start, long end) {
        return gpa < end && start < gpa + size;
    }

    FirmwareException refused(String why) {
        return new FirmwareException(FirmwareFault.SECTION, this + " of the SEV metadata cannot be loaded: " + why);
    }

    private boolean isKnown() {
        return type >= SEC_MEM && type <= SVSM_CAA || type == KERNEL_HASHES;
    }

    @Override
    public String toString() {
        return "section type=0x" + Long.toHexString(type) + " gpa=0x" + Long.toHexString(gpa) + " size=0x"
                + Long.toHexString(size);
    }
}
