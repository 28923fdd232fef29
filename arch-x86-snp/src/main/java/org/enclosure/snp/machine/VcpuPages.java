package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;

/// VMRUN and #VMEXIT as far as they touch the RMP (AMD APM volume 2, 15.36): what a vCPU runs with is looked at and in use from then
/// on, so that no instruction changes its entries. Any thread.
public final class VcpuPages {
    /// In place of a control block's address: it lies where the RMP has no entries.
    public static final long NOT_COVERED = -1;

    private final RmpTable table;

    VcpuPages(RmpTable table) {
        this.table = table;
    }

    /// VMRUN of an SNP guest.
    ///
    /// Checks in order: the control block is the hypervisor's, else #GP; the page with the vCPU's state is this guest's, not
    /// immutable, validated and marked as such, else a nested page fault (where hardware may also end with an invalid state).
    ///
    /// @param block address of the control block, or [#NOT_COVERED]
    /// @param state address of the page with the vCPU's state
    /// @return an [Outcome]; FAIL_INUSE if another CPU changes an entry nearby
    public long vmrun(long asid, long block, long state) {
        boolean isHypervisors = block == NOT_COVERED || !isAssigned(block);
        if (!isHypervisors) {
            return Outcome.of(Outcome.GP, 0);
        }
        long outcome = enter(asid, state >>> Paging.PAGE_SHIFT);
        if (outcome == Outcome.OK && block != NOT_COVERED && use(block, true) != RmpCode.SUCCESS) {
            use(state, false);
            return RmpCode.FAIL_INUSE;
        }
        return outcome;
    }

    private boolean isAssigned(long spa) {
        return (table.lo(spa >>> Paging.PAGE_SHIFT) & RmpEntry.ASSIGNED) != 0;
    }

    private long enter(long asid, long pfn) {
        if (!table.covers(pfn)) {
            return Outcome.privateFault(0);
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            int index = entry(region, pfn);
            long lo = region.ownLo(index);
            boolean isUsable = PageState.of(lo) == PageState.GUEST_VALID && RmpEntry.asid(lo) == asid
                    && (lo & RmpEntry.VMSA) != 0;
            if (!isUsable) {
                return Outcome.privateFault(0);
            }
            region.set(index, lo | RmpEntry.LOCK, region.ownHi(index));
            return Outcome.OK;
        } finally {
            region.release();
        }
    }

    /// Marks a page as in use by a running vCPU or the firmware, or as free again: what #VMEXIT does.
    ///
    /// @return SUCCESS; FAIL_INPUT if the page is not covered; FAIL_INUSE if another CPU changes the entry
    public int use(long spa, boolean inUse) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!table.covers(pfn)) {
            return RmpCode.FAIL_INPUT;
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        int index = entry(region, pfn);
        long lo = region.ownLo(index);
        region.set(index, inUse ? lo | RmpEntry.LOCK : lo & ~RmpEntry.LOCK, region.ownHi(index));
        region.release();
        return RmpCode.SUCCESS;
    }

    private static int entry(RmpRegion region, long pfn) {
        return (region.headLo() & RmpEntry.LARGE) != 0 ? 0 : RmpTable.index(pfn);
    }
}
