package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.PhysicalMemory;

/// RMPUPDATE, PSMASH and RMPREAD (AMD APM volume 3, and volume 2, 15.36). Any thread; each answers an [RmpCode].
///
/// A page that leaves a guest is ciphertext for whoever comes next.
public final class HostInstructions {
    /// Not of the processor: the page is not in the state that the host counts on, nothing was executed.
    public static final int NOT_EXPECTED = 0x10;

    private static final long KEPT_IN_PLACE = RmpEntry.VALIDATED | RmpEntry.VMSA;
    private static final long SAME = RmpEntry.ASSIGNED | RmpEntry.LARGE | RmpEntry.GPA_MASK
            | RmpEntry.MAX_ASID << RmpEntry.ASID_SHIFT;

    private final RmpTable table;
    private final PhysicalMemory memory;

    HostInstructions(RmpTable table, PhysicalMemory memory) {
        this.table = table;
        this.memory = memory;
    }

    /// RMPUPDATE: gives a page to a guest, the firmware or the hypervisor.
    ///
    /// Checks in order: inside a guest FAIL_PERMISSION; 2M address alignment, coverage, a new state that cannot be FAIL_INPUT; old
    /// entry immutable FAIL_PERMISSION; busy FAIL_INUSE; other sizes assigned FAIL_OVERLAP. If nothing but `immutable` changes,
    /// validated, VMSA and permissions stay, else they go.
    ///
    /// @param low the new GPA
    /// @param high the rest of the new state ([RmpState])
    public int rmpupdate(long spa, long low, long high, boolean inGuest) {
        if (inGuest) {
            return RmpCode.FAIL_PERMISSION;
        }
        long pfn = spa >>> Paging.PAGE_SHIFT;
        boolean large = RmpState.isLarge(high);
        long npages = large ? Paging.PAGES_PER_2M : 1;
        if (large && !Paging.isAligned(pfn, Paging.LEVEL_2M) || !table.covers(pfn, npages) || !isLegal(low, high)) {
            return RmpCode.FAIL_INPUT;
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            return large ? updateLarge(region, pfn, low, high) : updateSmall(region, pfn, low, high);
        } finally {
            region.release();
        }
    }

    private static boolean isLegal(long low, long high) {
        boolean fits = RmpState.asid(high) <= RmpEntry.MAX_ASID && (low & ~(RmpEntry.GPA_MASK | Paging.PAGE_MASK)) == 0;
        return fits && (RmpState.isAssigned(high) || RmpState.asid(high) == 0 && !RmpState.isImmutable(high));
    }

    private int updateSmall(RmpRegion region, long pfn, long low, long high) {
        int index = RmpTable.index(pfn);
        long head = region.headLo();
        long old = region.lo(index);
        if ((old & RmpEntry.IMMUTABLE) != 0) {
            return RmpCode.FAIL_PERMISSION;
        }
        if ((old & RmpEntry.LOCK) != 0) {
            return RmpCode.FAIL_INUSE;
        }
        if ((head & RmpEntry.LARGE) != 0) {
            return RmpCode.FAIL_OVERLAP;
        }
        commit(region, index, old & ~RmpEntry.COUNT_MASK, low, high, pfn, 1);
        return RmpCode.SUCCESS;
    }

    private int updateLarge(RmpRegion region, long pfn, long low, long high) {
        long old = region.headLo();
        if ((old & RmpEntry.IMMUTABLE) != 0) {
            return RmpCode.FAIL_PERMISSION;
        }
        if ((old & RmpEntry.LOCK) != 0) {
            return RmpCode.FAIL_INUSE;
        }
        if ((old & RmpEntry.COUNT_MASK) != 0) {
            return RmpCode.FAIL_OVERLAP;
        }
        if (region.hasBusyTail()) {
            return RmpCode.FAIL_PERMISSION; // a fixed page of the hypervisor, or a control block in use
        }
        long oldPages = (old & RmpEntry.LARGE) != 0 ? Paging.PAGES_PER_2M : 1;
        commit(region, 0, old, low, high, pfn, oldPages);
        return RmpCode.SUCCESS;
    }

    private void commit(RmpRegion region, int index, long old, long low, long high, long pfn, long oldPages) {
        long flags = (RmpState.isAssigned(high) ? RmpEntry.ASSIGNED : 0)
                | (RmpState.isImmutable(high) ? RmpEntry.IMMUTABLE : 0);
        long asid = RmpState.asid(high);
        long lo = flags == 0 ? 0
                : RmpEntry.of(flags | (RmpState.isLarge(high) ? RmpEntry.LARGE : 0), low, asid, 0);
        if (asid != 0 && ((lo ^ old) & SAME) == 0) {
            region.set(index, lo | old & KEPT_IN_PLACE, region.ownHi(index));
            return;
        }
        if (RmpEntry.asid(old) != 0 && RmpEntry.asid(old) != asid) {
            Ciphertext.turn(memory, pfn, oldPages, RmpEntry.asid(old));
        }
        region.set(index, lo, flags == 0 ? 0 : RmpEntry.FRESH_PERMISSIONS);
    }

    /// RMPUPDATE that gives a page of the hypervisor's to a guest, if it still is the hypervisor's: the host's check and the
    /// instruction in one, so that two hosts' threads cannot both win.
    ///
    /// @param pfn aligned for 2M if `large`
    /// @return an [RmpCode]; [#NOT_EXPECTED] if the page is assigned or fixed
    public int assign(long pfn, long gpa, boolean large, long asid) {
        if (!table.covers(pfn, large ? Paging.PAGES_PER_2M : 1)) {
            return RmpCode.FAIL_INPUT;
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            long old = region.lo(RmpTable.index(pfn));
            if ((old & (RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE)) != 0) {
                return NOT_EXPECTED;
            }
            long high = RmpState.high(true, large, false, false, asid);
            return large ? updateLarge(region, pfn, gpa, high) : updateSmall(region, pfn, gpa, high);
        } finally {
            region.release();
        }
    }

    /// RMPUPDATE that gives a page of one guest back to the hypervisor, if it still is that guest's and of that size.
    ///
    /// @return an [RmpCode]; [#NOT_EXPECTED] if the page is not the guest's, FAIL_SIZEMISMATCH if it has the other size
    public int release(long pfn, boolean large, long asid) {
        RmpRegion region = table.covers(pfn) ? table.region(pfn) : null;
        if (region == null) {
            return NOT_EXPECTED;
        }
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            long old = region.lo(RmpTable.index(pfn));
            if (RmpEntry.asid(old) != asid) {
                return NOT_EXPECTED;
            }
            if ((old & RmpEntry.LARGE) != 0 != large) {
                return RmpCode.FAIL_SIZEMISMATCH;
            }
            long high = RmpState.high(false, large, false, false, 0);
            return large ? updateLarge(region, pfn, 0, high) : updateSmall(region, pfn, 0, high);
        } finally {
            region.release();
        }
    }

    /// PSMASH: makes 512 entries of 4K of one of 2M; all that a 2M entry says stays true of each.
    ///
    /// @return SUCCESS; FAIL_INPUT if the address is not 2M aligned or not covered, or the entry is not one of 2M;
    ///         FAIL_PERMISSION if it is immutable; FAIL_INUSE
    public int psmash(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!Paging.isAligned(pfn, Paging.LEVEL_2M) || !table.covers(pfn, Paging.PAGES_PER_2M)) {
            return RmpCode.FAIL_INPUT;
        }
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        try {
            long head = region.headLo();
            if ((head & RmpEntry.LARGE) == 0) {
                return RmpCode.FAIL_INPUT;
            }
            if ((head & RmpEntry.IMMUTABLE) != 0) {
                return RmpCode.FAIL_PERMISSION;
            }
            if ((head & RmpEntry.LOCK) != 0) {
                return RmpCode.FAIL_INUSE;
            }
            smash(region, head);
            return RmpCode.SUCCESS;
        } finally {
            region.release();
        }
    }

    private static void smash(RmpRegion region, long head) {
        long first = head & ~(RmpEntry.LARGE | RmpEntry.COUNT_MASK);
        long hi = region.ownHi(0);
        for (int index = RmpRegion.PAGES - 1; index > 0; index--) {
            region.set(index, first + ((long) index << Paging.PAGE_SHIFT), hi);
        }
        region.setHead(first | RmpEntry.COUNT_MASK, hi);
    }

    /// RMPREAD: the architectural state of the page's own entry; of a page behind the first of a 2M entry that is an assigned 4K
    /// page of nobody.
    ///
    /// @param out gets the two words of the state if the answer is SUCCESS
    /// @return SUCCESS, FAIL_INPUT if the page is not covered, FAIL_PERMISSION inside a guest
    public int rmpread(long spa, boolean inGuest, long[] out) {
        if (inGuest) {
            return RmpCode.FAIL_PERMISSION;
        }
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!table.covers(pfn)) {
            return RmpCode.FAIL_INPUT;
        }
        boolean inLarge = (table.lo(pfn) & RmpEntry.LARGE) != 0;
        long lo = inLarge && RmpTable.index(pfn) != 0 ? RmpEntry.ASSIGNED : table.lo(pfn);
        out[0] = RmpEntry.gpa(lo);
        out[1] = RmpState.high((lo & RmpEntry.ASSIGNED) != 0, (lo & RmpEntry.LARGE) != 0,
                !inLarge && table.isAnyAssigned(pfn), (lo & RmpEntry.IMMUTABLE) != 0, RmpEntry.asid(lo));
        return RmpCode.SUCCESS;
    }
}
