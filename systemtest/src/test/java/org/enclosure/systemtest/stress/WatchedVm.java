package org.enclosure.systemtest.stress;

import java.util.Map;

import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTraits;

/// A VM whose table is a [WatchedTable].
final class WatchedVm implements VmBackend {
    private final VmBackend inner;
    private final WatchedTable table;
    private final long rootPfn;

    WatchedVm(VmBackend inner, long rootPfn) {
        this.inner = inner;
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
    public VmTraits traits() {
        return inner.traits();
    }

    @Override
    public GuestTable table() {
        return table;
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
