package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.RmpEntry;

/// PVALIDATE, RMPADJUST and RMPQUERY (AMD APM volume 3, and volume 2, 15.36). Any thread; each answers an [Outcome].
public final class GuestInstructions {
    private static final long MASK_BITS = 0xff;

    private final RmpTable table;

    GuestInstructions(RmpTable table) {
        this.table = table;
    }

    /// What comes before an instruction's own checks: #UD outside of an SNP guest, #GP outside of ring 0, or of VMPL 0 where that
    /// is asked for.
    public long refusal(int vmpl, int cpl, boolean snp, boolean vmplZero) {
        if (!snp) {
            return Outcome.of(Outcome.UD, 0);
        }
        return cpl != 0 || vmplZero && vmpl != 0 ? Outcome.of(Outcome.GP, 0) : Outcome.OK;
    }

    /// PVALIDATE by VMPL 0 in ring 0.
    ///
    /// Checks in order: 2M operand not aligned FAIL_INPUT; not this guest's page at this GPA, or immutable: nested page fault; 2M
    /// operand on a 4K entry FAIL_SIZEMISMATCH, 4K operand on a 2M entry nested page fault with SIZEM. Carry set and EAX 0 is "it
    /// was so already".
    ///
    /// @param gpa the operand's address
    /// @param spa where the nested page table leads
    public long pvalidate(long asid, long gpa, long spa, boolean large, boolean validate) {
        if (large && !isAligned(gpa)) {
            return RmpCode.FAIL_INPUT;
        }
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!table.covers(pfn)) {
            return Outcome.privateFault(0);
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            int index = RmpTable.index(pfn);
            long lo = region.lo(index);
            long outcome = target(asid, gpa, pfn, lo, large);
            if (outcome != Outcome.OK) {
                return outcome;
            }
            if ((lo & RmpEntry.VALIDATED) != 0 == validate) {
                return Outcome.CARRY;
            }
            int entry = (lo & RmpEntry.LARGE) != 0 ? 0 : index;
            region.set(entry, lo ^ RmpEntry.VALIDATED, region.ownHi(entry));
            return Outcome.OK;
        } finally {
            region.release();
        }
    }

    private static long target(long asid, long gpa, long pfn, long lo, boolean large) {
        long fault = AccessCheck.mismatch(asid, gpa, pfn, lo);
        if (fault != Outcome.OK) {
            return fault;
        }
        boolean isLarge = (lo & RmpEntry.LARGE) != 0;
        if (large == isLarge) {
            return Outcome.OK;
        }
        return large ? RmpCode.FAIL_SIZEMISMATCH : Outcome.privateFault(FaultBits.SIZEM);
    }

    /// RMPADJUST in ring 0.
    ///
    /// Checks in order: operands FAIL_INPUT; target level not below the caller's FAIL_PERMISSION; the page's faults as for
    /// [#pvalidate]; not validated #VC; 2M operand on a 4K entry FAIL_SIZEMISMATCH; permissions beyond the caller's
    /// FAIL_PERMISSION; the page of a vCPU that runs FAIL_INUSE.
    ///
    /// @param target level whose permissions change
    /// @param mask the new permissions
    /// @param vmsa whether the page holds a vCPU's state from now on; counts for VMPL 0 alone
    public long rmpadjust(long asid, int vmpl, long gpa, long spa, boolean large, int target, long mask,
            boolean vmsa) {
        if (large && !isAligned(gpa) || target < 0 || target >= RmpEntry.LEVELS || mask >>> 8 != 0) {
            return RmpCode.FAIL_INPUT;
        }
        if (target <= vmpl) {
            return RmpCode.FAIL_PERMISSION;
        }
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!table.covers(pfn)) {
            return Outcome.privateFault(0);
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            return adjust(region, asid, vmpl, gpa, pfn, large, target, mask, vmsa);
        } finally {
            region.release();
        }
    }

    private static long adjust(RmpRegion region, long asid, int vmpl, long gpa, long pfn, boolean large, int target,
            long mask, boolean vmsa) {
        int index = RmpTable.index(pfn);
        long lo = region.lo(index);
        long outcome = target(asid, gpa, pfn, lo, large);
        if (Outcome.kind(outcome) != Outcome.DONE) {
            return outcome;
        }
        if ((lo & RmpEntry.VALIDATED) == 0) {
            return Outcome.of(Outcome.VC, Abi.VC_NOT_VALIDATED);
        }
        if (outcome != Outcome.OK) {
            return outcome;
        }
        int entry = (lo & RmpEntry.LARGE) != 0 ? 0 : index;
        long hi = region.ownHi(entry);
        if ((mask & ~RmpEntry.permissions(hi, vmpl) & MASK_BITS) != 0) {
            return RmpCode.FAIL_PERMISSION;
        }
        if ((lo & RmpEntry.LOCK) != 0) {
            return RmpCode.FAIL_INUSE;
        }
        long tagged = vmsa ? lo | RmpEntry.VMSA : lo & ~RmpEntry.VMSA;
        region.set(entry, vmpl == 0 ? tagged : lo, RmpEntry.withPermissions(hi, target, mask));
        return Outcome.OK;
    }

    /// RMPQUERY in ring 0: what a level may do with a page, whether it is a vCPU's, and its size.
    ///
    /// @param out gets the permissions, then 1 for VMSA, then 1 for 2M, if the outcome is SUCCESS
    public long rmpquery(long asid, int vmpl, long gpa, long spa, int target, long[] out) {
        if (target < 0 || target >= RmpEntry.LEVELS) {
            return RmpCode.FAIL_INPUT;
        }
        if (target < vmpl) {
            return RmpCode.FAIL_PERMISSION;
        }
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = table.covers(pfn) ? table.lo(pfn) : 0;
        long fault = AccessCheck.mismatch(asid, gpa, pfn, lo);
        if (fault != Outcome.OK) {
            return fault;
        }
        if ((lo & RmpEntry.VALIDATED) == 0) {
            return Outcome.of(Outcome.VC, Abi.VC_NOT_VALIDATED);
        }
        out[0] = RmpEntry.permissions(table.hi(pfn), target);
        out[1] = (lo & RmpEntry.VMSA) != 0 ? 1 : 0;
        out[2] = (lo & RmpEntry.LARGE) != 0 ? 1 : 0;
        return Outcome.OK;
    }

    private static boolean isAligned(long gpa) {
        return (gpa & (Paging.PAGES_PER_2M << Paging.PAGE_SHIFT) - 1) == 0;
    }
}
