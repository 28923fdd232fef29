package org.enclosure.pkvm.host;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.SharedGuestCalls;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The tables of an unprotected VM: the host shares its own pages, and takes them back as it likes.
final class UnprotectedTable extends PkvmTable {
    private static final int ALL = SharedGuestCalls.READ | SharedGuestCalls.WRITE | SharedGuestCalls.EXECUTE;

    UnprotectedTable(El2 el2, long handle, MemcacheFiller filler) {
        super(el2, handle, filler);
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        int at = Math.min(level, Paging.LEVEL_2M);
        return mapAt(Paging.floor(gfn, at), Paging.floor(pfn, at), at, work);
    }

    @Override
    long give(long gfn, long pfn, int level) {
        return el2.sharedGuestCalls().share(handle, pfn << Paging.PAGE_SHIFT, gfn, Paging.pages(level), ALL);
    }

    /// The page may be there already, perhaps with fewer permissions; a block that is not possible is tried as a page.
    @Override
    long refused(long gfn, long pfn, int level, long answer, TableWork work) {
        if (inspection.guestPfn(handle, gfn) == pfn) {
            work.level = Math.min(level, inspection.guestLevel(handle, gfn));
            return el2.sharedGuestCalls().relaxPermissions(handle, gfn, ALL) == HypErrno.ERESTART
                    ? Status.of(Status.RETRY) : level == work.level ? Status.SPURIOUS : lower();
        }
        return level > Paging.LEVEL_4K ? lower() : denied(gfn, pfn, answer, work.detail);
    }

    private static long lower() {
        return Status.of(Status.LEVEL, Paging.LEVEL_4K, 0);
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        long mapped = 0;
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            mapped += isMapped(at) ? Math.min(next(at), gfn + npages) - at : 0;
        }
        work.done = mapped;
        return Status.OK;
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    /// At the end of the VM [Teardown] has taken everything before.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (gfn < 0 || work.reason == TableWork.TEARDOWN) {
            return Status.SPURIOUS;
        }
        long taken = 0;
        for (long at = gfn; at < gfn + npages;) {
            long next = next(at);
            if (isMapped(at)) {
                long answer = el2.sharedGuestCalls().unshare(handle, Paging.floor(at, level(at)),
                        Paging.pages(level(at)));
                if (answer == HypErrno.ERESTART) {
                    return Status.of(Status.RETRY);
                }
                taken++;
            }
            at = next;
        }
        return taken == 0 ? Status.SPURIOUS : Status.OK;
    }

    /// EL2 splits no block of a guest: the host takes it back, and its pages come back at their next faults.
    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        if (level != Paging.LEVEL_4K) {
            return Status.of(Status.DENIED);
        }
        if (!Descriptor.isValid(inspection.guestDescriptor(handle, gfn)) || level(gfn) == Paging.LEVEL_4K) {
            return Status.SPURIOUS;
        }
        long answer = el2.sharedGuestCalls().unshare(handle, Paging.floor(gfn, Paging.LEVEL_2M), Paging.PAGES_PER_2M);
        return answer == HypErrno.ERESTART ? Status.of(Status.RETRY) : Status.OK;
    }

    private int level(long gfn) {
        return inspection.guestLevel(handle, gfn);
    }
}
