package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.snp.machine.HostInstructions;
import org.enclosure.snp.machine.RmpCode;
import org.enclosure.snp.machine.RmpTable;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The RMP as the host of one SNP guest uses it. Blocking and flushing is the engine's own matter, because the nested page table is.
final class SnpTable implements GuestTable {
    private static final long HOLE = 0;
    private static final long HYPERVISOR = 1;
    private static final long GUEST_INVALID = 2;
    private static final long GUEST_VALID = 3;
    private static final long IMMUTABLE = 4;
    private static final long FOREIGN = 5;

    private final SnpMachine machine;
    private final RmpTable rmp;
    private final HostInstructions instructions;
    private final int asid;

    SnpTable(SnpMachine machine, int asid) {
        this.machine = machine;
        rmp = machine.rmp();
        instructions = machine.host();
        this.asid = asid;
    }

    /// Assigns a private page that is the hypervisor's, not validated. A page that is this guest's already is left alone, in its own
    /// size. Of a shared page only looks whether it is the hypervisor's.
    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        boolean large = level == Paging.LEVEL_2M;
        long firstGfn = Paging.floor(gfn, level);
        long firstPfn = Paging.floor(pfn, level);
        if ((work.access & Access.PRIVATE) == 0) {
            return mapShared(firstPfn, firstGfn, large, work);
        }
        int code = instructions.assign(firstPfn, firstGfn << Paging.PAGE_SHIFT, large, asid);
        return switch (code) {
            case RmpCode.SUCCESS -> Status.OK;
            case RmpCode.FAIL_INUSE -> Status.of(Status.RETRY);
            case RmpCode.FAIL_OVERLAP -> Status.of(Status.LEVEL, Paging.LEVEL_4K, code);
            default -> assigned(gfn, pfn, level, code, work);
        };
    }

    private long assigned(long gfn, long pfn, int level, int code, TableWork work) {
        long lo = rmp.lo(pfn);
        boolean isMine = RmpEntry.asid(lo) == asid && (lo & RmpEntry.IMMUTABLE) == 0
                && RmpTable.gpa(lo, pfn) == gfn << Paging.PAGE_SHIFT;
        if (!isMine) {
            boolean isNeighbour = level == Paging.LEVEL_2M && (lo & RmpEntry.ASSIGNED) == 0;
            return isNeighbour ? Status.of(Status.LEVEL, Paging.LEVEL_4K, code) : denied(gfn, pfn, code, work);
        }
        // A 4K mapping of a page of 2M: the guest's access shows the difference, and the page is smashed then.
        boolean isSmaller = level == Paging.LEVEL_2M && (lo & RmpEntry.LARGE) == 0;
        return isSmaller ? Status.of(Status.LEVEL, Paging.LEVEL_4K, code) : Status.SPURIOUS;
    }

    private long mapShared(long pfn, long gfn, boolean large, TableWork work) {
        if (machine.access().isHypervisor(pfn << Paging.PAGE_SHIFT, large)) {
            return Status.OK;
        }
        return large ? Status.of(Status.LEVEL, Paging.LEVEL_4K, 0) : denied(gfn, pfn, 0, work);
    }

    private long denied(long gfn, long pfn, int code, TableWork work) {
        work.detail.gfn = gfn;
        work.detail.pfn = pfn;
        work.detail.code = rmp.lo(pfn);
        work.detail.owner = RmpEntry.asid(rmp.lo(pfn));
        return Status.of(Status.DENIED, 0, code);
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    @Override
    public long flush(TableWork work) {
        return Status.OK;
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    /// Gives a run of frames back to the hypervisor: whole pages of 2M by one RMPUPDATE, parts of them after PSMASH, immutable ones
    /// after PAGE_RECLAIM. If an entry is in use in the middle of the run, what is done so far is reported, with MORE.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (work.reason == TableWork.SLOT) {
            return Status.OK; // the entries still name their pages, so neither the host nor another guest page gets the bytes
        }
        long removed = 0;
        for (long at = pfn; at < pfn + npages;) {
            long step = release(at, pfn + npages - at);
            if (step == 0) {
                work.done = at - pfn;
                work.content = removed == 0 ? TableWork.KEPT : TableWork.LOST;
                return work.done == 0 ? Status.of(Status.RETRY) : Status.MORE;
            }
            removed += Math.max(0, step);
            at += Math.abs(step);
        }
        work.content = removed == 0 ? TableWork.KEPT : TableWork.LOST;
        return removed == 0 ? Status.SPURIOUS : Status.OK;
    }

    /// How many pages from `pfn` were given back; negative: how many were not the guest's; 0: in use, nothing changed.
    private long release(long pfn, long left) {
        long lo = rmp.lo(pfn);
        if (RmpEntry.asid(lo) != asid) {
            return -1;
        }
        boolean isLarge = (lo & RmpEntry.LARGE) != 0;
        long spa = pfn << Paging.PAGE_SHIFT;
        if ((lo & RmpEntry.IMMUTABLE) != 0 && machine.pages().reclaim(spa & -blockBytes(isLarge), isLarge) != 0) {
            return 0;
        }
        if (isLarge && Paging.isAligned(pfn, Paging.LEVEL_2M) && left >= Paging.PAGES_PER_2M) {
            return instructions.release(pfn, true, asid) == RmpCode.SUCCESS ? Paging.PAGES_PER_2M : 0;
        }
        if (isLarge && instructions.psmash(spa & -blockBytes(true)) != RmpCode.SUCCESS) {
            return 0;
        }
        return instructions.release(pfn, false, asid) == RmpCode.SUCCESS ? 1 : 0;
    }

    private static long blockBytes(boolean large) {
        return large ? Paging.PAGES_PER_2M << Paging.PAGE_SHIFT : Paging.PAGE_SIZE;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        if (level != Paging.LEVEL_4K) {
            return Status.of(Status.DENIED);
        }
        int code = instructions.psmash(Paging.floor(pfn, Paging.LEVEL_2M) << Paging.PAGE_SHIFT);
        return code == RmpCode.SUCCESS ? Status.OK
                : code == RmpCode.FAIL_INUSE ? Status.of(Status.RETRY) : Status.SPURIOUS;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        if (pfn < 0) {
            return HOLE;
        }
        long lo = rmp.lo(pfn);
        boolean isMine = RmpEntry.asid(lo) == asid && RmpTable.gpa(lo, pfn) == gfn << Paging.PAGE_SHIFT;
        return switch (PageState.of(lo)) {
            case PageState.HYPERVISOR, PageState.HV_FIXED -> HYPERVISOR;
            case PageState.GUEST_INVALID -> isMine ? GUEST_INVALID : FOREIGN;
            case PageState.GUEST_VALID -> isMine ? GUEST_VALID : FOREIGN;
            default -> isMine ? IMMUTABLE : FOREIGN;
        };
    }
}
