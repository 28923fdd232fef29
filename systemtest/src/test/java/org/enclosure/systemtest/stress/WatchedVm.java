package org.enclosure.systemtest.stress;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.VmBackend;
import org.enclosure.tck.forward.ForwardingVm;

/// A VM whose table is a [WatchedTable].
final class WatchedVm extends ForwardingVm {
    private final WatchedTable table;
    private final long rootPfn;

    WatchedVm(VmBackend inner, long rootPfn) {
        super(inner);
        this.rootPfn = rootPfn;
        table = new WatchedTable(inner.table());
    }

    /// First frame of the engine's stage 2, or -1.
    long rootPfn() {
        return rootPfn;
    }

    /// Installs who is told.
    void watch(MemoryWatch watch) {
        table.watch(watch);
    }

    @Override
    public GuestTable table() {
        return table;
    }
}
