package org.enclosure.snp.launch;

/// The page types of SNP_LAUNCH_UPDATE (SEV-SNP Firmware ABI, section 8.17, PAGE_TYPE).
public final class PageType {
    /// A page with content.
    public static final int NORMAL = 1;
    /// The register page of a vCPU.
    public static final int VMSA = 2;
    /// A page that the firmware zeroes.
    public static final int ZERO = 3;
    /// A page whose content is not measured.
    public static final int UNMEASURED = 4;
    /// The page with the guest's keys to the firmware.
    public static final int SECRETS = 5;
    /// The page with the CPUID values that the firmware has checked.
    public static final int CPUID = 6;

    private static final String[] NAMES = {"?", "NORMAL", "VMSA", "ZERO", "UNMEASURED", "SECRETS", "CPUID"};

    private PageType() {
    }

    /// Whether the firmware knows this type.
    public static boolean isKnown(int type) {
        return type >= NORMAL && type <= CPUID;
    }

    /// Whether the content of such a page goes into the measurement; of the others only type and address do.
    public static boolean isContentMeasured(int type) {
        return type == NORMAL || type == VMSA;
    }

    /// Whether the firmware takes such a page in the size 4K only.
    public static boolean isSingle(int type) {
        return type == VMSA || type == SECRETS || type == CPUID;
    }

    /// The ABI's name of a known type.
    public static String nameOf(int type) {
        return NAMES[type];
    }
}
