package org.enclosure.tck.schedule.scene;

import java.util.Map;

import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTraits;

/// A VM that tells when a run of frames leaves its tables.
final class PoisonedVm implements VmBackend {
    /// Who is told.
    interface Leaving {
        void run(GuestTable table, long pfn, long npages, TableWork work);
    }

    private final VmBackend inner;
    private final Leaving leaving;

    PoisonedVm(VmBackend inner, Leaving leaving) {
        this.inner = inner;
        this.leaving = leaving;
    }

    @Override
    public VmTraits traits() {
        return inner.traits();
    }

    @Override
    public GuestTable table() {
        GuestTable table = inner.table();
        return new GuestTable() {
            @Override
            public long map(long gfn, long pfn, int level, TableWork work) {
                return table.map(gfn, pfn, level, work);
            }

            @Override
            public long block(long gfn, long npages, TableWork work) {
                return table.block(gfn, npages, work);
            }

            @Override
            public long flush(TableWork work) {
                return table.flush(work);
            }

            @Override
            public long convert(long gfn, long npages, TableWork work) {
                return table.convert(gfn, npages, work);
            }

            @Override
            public long remove(long gfn, long pfn, long npages, TableWork work) {
                long status = table.remove(gfn, pfn, npages, work);
                if (status >= 0) {
                    leaving.run(table, pfn, npages, work);
                }
                return status;
            }

            @Override
            public long resize(long gfn, long pfn, int level, TableWork work) {
                return table.resize(gfn, pfn, level, work);
            }

            @Override
            public long inspect(long gfn, long pfn, TableWork work) {
                return table.inspect(gfn, pfn, work);
            }
        };
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return inner.createVcpu(context);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        return inner.launch(options);
    }

    @Override
    public GuestDriver guestDriver() {
        return inner.guestDriver();
    }

    @Override
    public long teardown(TableWork work) {
        return inner.teardown(work);
    }

    @Override
    public void close() {
        inner.close();
    }
}
