package org.enclosure.pkvm.host;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.GuestStage2;
import org.enclosure.pkvm.machine.Inspection;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// What the tables of both VM types have in common: they are EL2's, and the host asks for every change.
abstract class PkvmTable implements GuestTable {
    private static final int ROUNDS = 4;

    final El2 el2;
    final Inspection inspection;
    final long handle;
    private final MemcacheFiller filler;

    PkvmTable(El2 el2, long handle, MemcacheFiller filler) {
        this.el2 = el2;
        inspection = el2.inspection();
        this.handle = handle;
        this.filler = filler;
    }

    /// EL2's call that maps pages: 0 or an errno.
    abstract long give(long gfn, long pfn, int level);

    /// What a map means that EL2 refuses with `answer`.
    abstract long refused(long gfn, long pfn, int level, long answer, TableWork work);

    /// Takes a page of the launch, whose content is in its frame.
    final long load(LaunchItem item, long pfn, TableWork work) {
        long status = mapAt(item.gfn(), pfn, Paging.LEVEL_4K, work);
        return status == Status.SPURIOUS ? denied(item.gfn(), pfn, HypErrno.EPERM, work.detail) : status;
    }

    /// Maps at one level; EL2 is given pages for tables when it asks for them.
    final long mapAt(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        if (gfn >= GuestStage2.GFN_LIMIT) {
            return denied(gfn, pfn, HypErrno.ERANGE, work.detail);
        }
        if (el2.isPanicked()) {
            return Status.of(Status.VM_DEAD);
        }
        for (int round = 0; round < ROUNDS; round++) {
            long answer = give(gfn, pfn, level);
            if (answer == HypErrno.OK) {
                return Status.OK;
            }
            if (answer == HypErrno.ERESTART) {
                break;
            }
            if (answer != HypErrno.ENOMEM) {
                return refused(gfn, pfn, level, answer, work);
            }
            long filled = filler.fill(gfn, level, work.frames);
            if (filled != Status.OK) {
                return filled;
            }
        }
        return Status.of(Status.RETRY); // others take the pages for tables as fast as they come
    }

    final long denied(long gfn, long pfn, long answer, FaultDetail detail) {
        detail.gfn = gfn;
        detail.pfn = pfn;
        detail.code = answer;
        detail.owner = inspection.ownerHandle(pfn);
        return Status.of(Status.DENIED, 0, (int) -answer);
    }

    /// The first gfn behind what the entry that decides about `gfn` covers.
    final long next(long gfn) {
        int level = inspection.guestLevel(handle, gfn);
        return Paging.floor(gfn, level) + Paging.pages(level);
    }

    final boolean isMapped(long gfn) {
        return Descriptor.isValid(inspection.guestDescriptor(handle, gfn));
    }

    /// EL2 flushes the TLBs of all CPUs itself.
    @Override
    public final long flush(TableWork work) {
        return Status.OK;
    }

    @Override
    public final long inspect(long gfn, long pfn, TableWork work) {
        return inspection.guestState(handle, gfn);
    }
}
