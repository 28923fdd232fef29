package org.enclosure.tck.forward;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.TableWork;

/// A table around another one; what is called is the other's.
public abstract class ForwardingTable implements GuestTable {
    private final GuestTable inner;

    /// Stands around a table.
    protected ForwardingTable(GuestTable inner) {
        this.inner = inner;
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        return inner.map(gfn, pfn, level, work);
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        return inner.block(gfn, npages, work);
    }

    @Override
    public long flush(TableWork work) {
        return inner.flush(work);
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return inner.convert(gfn, npages, work);
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
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
