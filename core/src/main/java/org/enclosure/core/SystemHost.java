package org.enclosure.core;

import java.util.function.Consumer;

import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.PhysicalAccess;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostStats;
import org.enclosure.api.vm.PoolStats;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;

/// A host as its system hands it out: VMs get the system's defaults, and the system knows which hosts are still open.
final class SystemHost implements Host {
    private final Host host;
    private final VmDefaults defaults;
    private final Consumer<SystemHost> closed;

    /// @param closed told when the host has been closed
    SystemHost(Host host, VmDefaults defaults, Consumer<SystemHost> closed) {
        this.host = host;
        this.defaults = defaults;
        this.closed = closed;
    }

    @Override
    public String architecture() {
        return host.architecture();
    }

    @Override
    public Vm createVm(VmOptions options) {
        return host.createVm(defaults.applyTo(options));
    }

    @Override
    public HostAddressSpace createAddressSpace() {
        return host.createAddressSpace();
    }

    @Override
    public PhysicalAccess physical() {
        return host.physical();
    }

    @Override
    public void growPool(StoreKind kind, int count) {
        host.growPool(kind, count);
    }

    @Override
    public PoolStats poolStats(StoreKind kind) {
        return host.poolStats(kind);
    }

    @Override
    public boolean memoryFailure(long pa) {
        return host.memoryFailure(pa);
    }

    @Override
    public long trim() {
        return host.trim();
    }

    @Override
    public HostStats stats() {
        return host.stats();
    }

    @Override
    public void close() {
        host.close();
        closed.accept(this);
    }
}
