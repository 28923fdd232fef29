package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.snp.machine.KeyTable;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The pages of an SEV or SEV-ES guest: there is no table that refuses anything, only a key that a page's bytes are under. What is kept
/// from the wrong hands is the plaintext.
final class SevTable implements GuestTable {
    private static final long HOLE = 0;
    private static final long SHARED = 1;
    private static final long ENCRYPTED = 2;
    private static final long FOREIGN = 3;

    private final KeyTable keys;
    private final int asid;

    SevTable(KeyTable keys, int asid) {
        this.keys = keys;
        this.asid = asid;
    }

    /// A private page's bytes are under the guest's key from now on. A page that was given out for another is refused: hardware
    /// would give both rubbish.
    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        long first = Paging.floor(pfn, level);
        long npages = Paging.pages(level);
        if ((work.access & Access.PRIVATE) == 0) {
            long foreign = firstKeyed(first, npages);
            return foreign < 0 ? Status.OK : denied(gfn, foreign, work);
        }
        long fresh = keys.take(first, npages, Paging.floor(gfn, level), asid);
        return fresh > 0 ? Status.OK
                : fresh == 0 ? Status.SPURIOUS : denied(gfn, firstForeign(gfn, first, npages), work);
    }

    private long denied(long gfn, long pfn, TableWork work) {
        work.detail.gfn = gfn;
        work.detail.pfn = pfn;
        work.detail.owner = keys.key(pfn);
        return Status.of(Status.DENIED);
    }

    /// The first page of a run that is under a key, or -1.
    private long firstKeyed(long pfn, long npages) {
        for (long at = pfn; at < pfn + npages; at++) {
            if (keys.key(at) != KeyTable.NONE) {
                return at;
            }
        }
        return -1;
    }

    /// The first page of a run that is somebody else's, or the first.
    private long firstForeign(long gfn, long pfn, long npages) {
        for (long i = 0; i < npages; i++) {
            if (keys.key(pfn + i) != KeyTable.NONE && !keys.isFor(pfn + i, asid, gfn + i)) {
                return pfn + i;
            }
        }
        return pfn;
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

    /// Whoever reads the pages from now on reads ciphertext.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (work.reason == TableWork.SLOT) {
            return Status.OK;
        }
        if (keys.leave(pfn, npages, asid) == 0) {
            return Status.SPURIOUS;
        }
        work.content = TableWork.LOST;
        return Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        return level == Paging.LEVEL_4K ? Status.SPURIOUS : Status.of(Status.DENIED);
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        if (pfn < 0) {
            return HOLE;
        }
        int key = keys.key(pfn);
        return key == KeyTable.NONE ? SHARED : key == asid ? ENCRYPTED : FOREIGN;
    }
}
