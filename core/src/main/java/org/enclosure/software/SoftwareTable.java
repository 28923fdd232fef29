package org.enclosure.software;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// What the host asks of a VM's tables: the engine has both halves of stage 2, so only the owners of frames are left.
final class SoftwareTable implements GuestTable {
    private final FrameOwners owners;
    private final int owner;

    SoftwareTable(FrameOwners owners, int owner) {
        this.owners = owners;
        this.owner = owner;
    }

    /// Claims the frames of a private page; makes sure that those of a shared page are the host's.
    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        long npages = Paging.pages(level);
        long first = Paging.floor(pfn, level);
        int answer = (work.access & Access.PRIVATE) != 0 ? owners.claim(first, npages, owner)
                : sharedAnswer(first, npages);
        if (answer == FrameOwners.BUSY) {
            return Status.of(Status.RETRY);
        }
        if (answer > 0 || answer == FrameOwners.NO_FRAME) {
            work.detail.gfn = Paging.floor(gfn, level);
            work.detail.npages = npages;
            work.detail.pfn = first;
            work.detail.owner = answer > 0 ? answer : FaultDetail.NOBODY;
            return Status.of(Status.DENIED);
        }
        work.level = level;
        return answer == FrameOwners.ALREADY ? Status.SPURIOUS : Status.OK;
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

    /// Gives the frames back to the host; the bytes stay, and zeroing or keeping them is the engine's choice.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (work.reason == TableWork.SLOT) {
            return Status.OK; // the page stays private in its store
        }
        return owners.release(pfn, npages, owner) == 0 ? Status.SPURIOUS : Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        return Status.OK;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        if (pfn < 0) {
            return SoftwareTypes.STATE_HOLE;
        }
        boolean isPrivate = (work.access & Access.PRIVATE) != 0 || owners.owner(pfn) == owner;
        return isPrivate ? SoftwareTypes.STATE_PRIVATE : SoftwareTypes.STATE_SHARED;
    }

    private int sharedAnswer(long pfn, long npages) {
        return owners.exists(pfn, npages) ? owners.firstOwner(pfn, npages) : FrameOwners.NO_FRAME;
    }
}
