package org.enclosure.systemtest.stress;

import org.enclosure.api.Access;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.TableWork;
import org.jspecify.annotations.Nullable;

/// Another plugin's table that tells a [MemoryWatch] of pages on their way out, before the plugin hears of it.
final class WatchedTable implements GuestTable {
    private final GuestTable inner;
    private volatile @Nullable MemoryWatch watch;

    WatchedTable(GuestTable inner) {
        this.inner = inner;
    }

    void watch(MemoryWatch newWatch) {
        watch = newWatch;
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        return inner.map(gfn, pfn, level, work);
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null) {
            now.drained(gfn, npages);
        }
        return inner.block(gfn, npages, work);
    }

    @Override
    public long flush(TableWork work) {
        return inner.flush(work);
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null) {
            now.unreachable(gfn, npages, work.toPrivate);
        }
        return inner.convert(gfn, npages, work);
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null && work.reason == TableWork.PUNCH) {
            now.leaving(gfn, pfn, npages, (work.access & Access.PRIVATE) != 0);
        }
        return inner.remove(gfn, pfn, npages, work);
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        return inner.resize(gfn, pfn, level, work);
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        return inner.inspect(gfn, pfn, work);
    }
}
