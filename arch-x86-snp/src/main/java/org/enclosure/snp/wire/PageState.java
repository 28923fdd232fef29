package org.enclosure.snp.wire;

import java.util.List;

/// The states of a page, by the fields of its RMP entry (SEV-SNP firmware ABI 56860, 5.3, table 11).
public final class PageState {
    /// Not covered by the RMP: the hypervisor's for ever.
    public static final int DEFAULT = 0;
    /// The hypervisor's.
    public static final int HYPERVISOR = 1;
    /// The hypervisor's until reset.
    public static final int HV_FIXED = 2;
    /// The firmware's.
    public static final int FIRMWARE = 3;
    /// Given up by the firmware, still assigned.
    public static final int RECLAIM = 4;
    /// A guest context.
    public static final int CONTEXT = 5;
    /// Metadata of swapped pages.
    public static final int METADATA = 6;
    /// A guest's, for a firmware command that launches or swaps in.
    public static final int PRE_GUEST = 7;
    /// A guest's, for a firmware command that moves or swaps out.
    public static final int PRE_SWAP = 8;
    /// A guest's, not validated.
    public static final int GUEST_INVALID = 9;
    /// A guest's, validated.
    public static final int GUEST_VALID = 10;
    /// The names by number.
    public static final List<String> NAMES = List.of("DEFAULT", "HYPERVISOR", "HV_FIXED", "FIRMWARE", "RECLAIM",
            "CONTEXT", "METADATA", "PRE_GUEST", "PRE_SWAP", "GUEST_INVALID", "GUEST_VALID");

    /// The GPA field that marks a firmware page of the IOMMU's.
    private static final long IOMMU = 1L << 12;

    private PageState() {
    }

    /// The state that a lo word stands for.
    public static int of(long lo) {
        boolean isImmutable = (lo & RmpEntry.IMMUTABLE) != 0;
        if ((lo & RmpEntry.ASSIGNED) == 0) {
            return isImmutable ? HV_FIXED : HYPERVISOR;
        }
        if (RmpEntry.asid(lo) != 0) {
            boolean isValid = (lo & RmpEntry.VALIDATED) != 0;
            return isImmutable ? isValid ? PRE_SWAP : PRE_GUEST : isValid ? GUEST_VALID : GUEST_INVALID;
        }
        if (!isImmutable) {
            return RECLAIM;
        }
        if ((lo & RmpEntry.VMSA) != 0) {
            return CONTEXT;
        }
        return RmpEntry.gpa(lo) == 0 || RmpEntry.gpa(lo) == IOMMU ? FIRMWARE : METADATA;
    }
}
