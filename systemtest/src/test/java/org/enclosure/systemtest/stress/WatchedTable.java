package org.enclosure.systemtest.stress;

import org.enclosure.api.Access;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.TableWork;
import org.enclosure.tck.forward.ForwardingTable;
import org.jspecify.annotations.Nullable;

/// Another plugin's table that tells a [MemoryWatch] of pages on their way out, before the plugin hears of it.
final class WatchedTable extends ForwardingTable {
    private volatile @Nullable MemoryWatch watch;

    WatchedTable(GuestTable inner) {
        super(inner);
    }

    void watch(MemoryWatch newWatch) {
        watch = newWatch;
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null) {
            now.drained(gfn, npages);
        }
        return super.block(gfn, npages, work);
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null) {
            now.unreachable(gfn, npages, work.toPrivate);
        }
        return super.convert(gfn, npages, work);
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        MemoryWatch now = watch;
        if (now != null && work.reason == TableWork.PUNCH) {
            now.leaving(gfn, pfn, npages, (work.access & Access.PRIVATE) != 0);
        }
        return super.remove(gfn, pfn, npages, work);
    }
}
