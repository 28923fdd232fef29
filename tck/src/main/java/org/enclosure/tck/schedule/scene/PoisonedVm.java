package org.enclosure.tck.schedule.scene;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.tck.forward.ForwardingTable;
import org.enclosure.tck.forward.ForwardingVm;

/// A VM that tells when a run of frames leaves its tables.
final class PoisonedVm extends ForwardingVm {
    /// Who is told.
    interface Leaving {
        void run(GuestTable table, long pfn, long npages, TableWork work);
    }

    private final Leaving leaving;

    PoisonedVm(VmBackend inner, Leaving leaving) {
        super(inner);
        this.leaving = leaving;
    }

    @Override
    public GuestTable table() {
        GuestTable table = super.table();
        return new ForwardingTable(table) {
            @Override
            public long remove(long gfn, long pfn, long npages, TableWork work) {
                long status = super.remove(gfn, pfn, npages, work);
                if (status >= 0) {
                    leaving.run(table, pfn, npages, work);
                }
                return status;
            }
        };
    }
}
