package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.RmpEntry;

/// The checks that follow the ordinary page tables: who may touch a system page (AMD APM volume 2, 15.36, tables 15-39 to 15-41).
/// Any thread; no lock, so an answer may be out of date when another CPU changes the entry, and a host looks again.
public final class AccessCheck {
    /// Permission: read.
    public static final int READ = 1;
    /// Permission: write.
    public static final int WRITE = 1 << 1;
    /// Permission: execute in user mode.
    public static final int EXECUTE_USER = 1 << 2;
    /// Permission: execute in supervisor mode.
    public static final int EXECUTE_SUPERVISOR = 1 << 3;
    /// Permission: write a supervisor shadow stack.
    public static final int SHADOW_STACK = 1 << 4;

    private static final long OWNER_MASK = RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE
            | RmpEntry.MAX_ASID << RmpEntry.ASID_SHIFT;

    private static final long PLAIN_MASK = OWNER_MASK | RmpEntry.LARGE | RmpEntry.VALIDATED | RmpEntry.GPA_MASK;

    private final RmpTable table;

    AccessCheck(RmpTable table) {
        this.table = table;
    }

    /// A private access of an SNP guest to a page that its nested page table maps. Rules in order: covered, owner, GPA, not
    /// immutable, sizes equal, validated, permission of the privilege level.
    ///
    /// @param asid the guest's
    /// @param gpa the guest's address, without the C-bit
    /// @param spa the system address that the nested page table has for it
    /// @param large whether the nested page table maps 2M
    /// @param wanted permissions, all of which are needed
    /// @return [Outcome#OK], a nested page fault or #VC
    public long guestPrivate(long asid, int vmpl, long gpa, long spa, boolean large, int wanted) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = table.lo(pfn); // 0 if it is not covered: that has no owner
        long fault = mismatch(asid, gpa, pfn, lo);
        if (fault != Outcome.OK) {
            return fault;
        }
        if (large != ((lo & RmpEntry.LARGE) != 0)) {
            return Outcome.privateFault(FaultBits.SIZEM);
        }
        if ((lo & RmpEntry.VALIDATED) == 0) {
            return Outcome.of(Outcome.VC, Abi.VC_NOT_VALIDATED);
        }
        return vmpl == 0 ? Outcome.OK : permission(vmpl, pfn, wanted);
    }

    /// What an entry of 4K holds, beside its GPA, whose owner may access it at VMPL 0; for [#isPlain].
    public static long plainOwner(long asid) {
        return asid == 0 ? 0 : RmpEntry.ASSIGNED | RmpEntry.VALIDATED | asid << RmpEntry.ASID_SHIFT;
    }

    /// Whether all rules of [#guestPrivate] hold for an access at VMPL 0 by a mapping of 4K, in one comparison.
    ///
    /// @param plainOwner of the guest
    public boolean isPlain(long plainOwner, long gpa, long pfn) {
        return plainOwner != 0 && (table.lo(pfn) & PLAIN_MASK) == (plainOwner | gpa & RmpEntry.GPA_MASK);
    }

    /// The rules that come before the sizes: covered, owner, GPA, not immutable.
    static long mismatch(long asid, long gpa, long pfn, long lo) {
        boolean isOwned = (lo & OWNER_MASK) == (RmpEntry.ASSIGNED | asid << RmpEntry.ASID_SHIFT) && asid != 0;
        return isOwned && RmpTable.gpa(lo, pfn) == (gpa & RmpEntry.GPA_MASK) ? Outcome.OK : Outcome.privateFault(0);
    }

    private long permission(int vmpl, long pfn, int wanted) {
        long mask = RmpEntry.permissions(table.hi(pfn), vmpl);
        boolean isData = (wanted & (READ | WRITE)) != 0;
        boolean isIllegal = (mask & (READ | WRITE)) == WRITE && isData;
        if ((mask & wanted) == wanted && !isIllegal) {
            return Outcome.OK;
        }
        long stack = (wanted & ~mask & SHADOW_STACK) != 0 ? FaultBits.SSS : 0;
        return Outcome.privateFault(FaultBits.VMPL | stack);
    }

    /// Whether an access is private whatever the C-bit says: instruction fetches are, and walks of page tables.
    public static boolean isForcedPrivate(int wanted) {
        return (wanted & (EXECUTE_USER | EXECUTE_SUPERVISOR)) != 0;
    }

    /// EXITINFO1 of a fault as the host sees it: the RMP's bits, and those that say that the page was present, that the access was
    /// to the final address, and what it did. Which of the latter hardware sets depends on the nested walk.
    public static long exitInfo(long outcome, int wanted) {
        long write = (wanted & (WRITE | SHADOW_STACK)) != 0 ? FaultBits.W : 0;
        long fetch = isForcedPrivate(wanted) ? FaultBits.ID : 0;
        return Outcome.payload(outcome) | FaultBits.P | FaultBits.U | FaultBits.GUEST_FINAL | write | fetch;
    }

    /// A write with C=0 of an SNP guest, or any write of a guest without SNP: the page must be the hypervisor's.
    public long guestShared(long spa, boolean large, int wanted) {
        boolean isFree = (wanted & (WRITE | SHADOW_STACK)) == 0 || isHypervisor(spa, large);
        return isFree ? Outcome.OK : Outcome.of(Outcome.NPF, FaultBits.RMP);
    }

    /// Whether the host may write: all 4K pages that the mapping touches are the hypervisor's.
    ///
    /// @param large whether the mapping is of 2M; one of 1G counts as the 2M region around the address
    public boolean isHypervisor(long spa, boolean large) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        return large ? !table.isAnyAssigned(pfn) : (table.lo(pfn) & RmpEntry.ASSIGNED) == 0;
    }
}
