package org.enclosure.systemtest.stress;

import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.vm.HostImpl;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.S2Format;
import org.enclosure.tck.oracle.EngineLeaves;
import org.jspecify.annotations.Nullable;

/// A host with little memory to spare and one VM on it, so that a frame that is freed has a new owner soon.
final class StressMachine implements AutoCloseable {
    /// Pages of the VM.
    static final int PAGES = 2048;

    private static final long HOST_BYTES = 32L << 20;
    private static final int SPARE = 320;
    private static final int SPARE_HUGE = 4 * (int) Paging.PAGES_PER_2M;

    private final Scenario scenario;
    private final WatchedProvider provider;
    private final Host host;
    private final HostAddressSpace space;
    private final Vm vm;
    private final GuestMemoryStore store;
    private final @Nullable HostMapping sharedHalf;

    /// @param vcpus how many vCPUs the VM may get
    StressMachine(Scenario scenario, int vcpus) {
        this.scenario = scenario;
        provider = new WatchedProvider(scenario.provider());
        host = HostImpl.open(provider, HostOptions.of(provider.id(), HOST_BYTES));
        space = host.createAddressSpace();
        vm = host.createVm(VmOptions.of(scenario.type()).withVcpus(vcpus).with(scenario.policies()));
        long bytes = (long) PAGES << Paging.PAGE_SHIFT;
        store = vm.createStore(bytes, Set.of());
        sharedHalf = scenario.isSplit() ? space.map(bytes) : null;
        vm.slots().create(new Memslot(0, 0, bytes, Set.of(), sharedHalf, 0, store, 0));
        occupy();
    }

    /// Takes all memory but what the VM needs and a little.
    private void occupy() {
        int used = scenario.isSplit() ? 2 * PAGES : PAGES;
        long ballast = host.stats().free() - used - (scenario.isHuge() ? SPARE_HUGE : SPARE);
        HostMapping mapping = space.map(ballast << Paging.PAGE_SHIFT);
        for (long page = 0; page < ballast; page++) {
            mapping.storeLong(page << Paging.PAGE_SHIFT, 1);
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Vm vm() {
        return vm;
    }

    HostAddressSpace space() {
        return space;
    }

    PhysicalMemory memory() {
        return provider.memory();
    }

    void watch(MemoryWatch watch) {
        provider.vm().watch(watch);
    }

    /// The engine's leaves, or null where it keeps none.
    @Nullable
    EngineLeaves leaves() {
        S2Format format = provider.vm().traits().format();
        return format == null ? null : new EngineLeaves(memory(), format, provider.vm().rootPfn());
    }

    /// Whether the engine keeps the leaves of a half.
    boolean engineOwns(boolean isPrivate) {
        return provider.vm().traits().engineOwns(isPrivate);
    }

    /// Punches a hole into the half of a kind.
    void punch(long gfn, long npages, boolean privateHalf) {
        long offset = gfn << Paging.PAGE_SHIFT;
        if (privateHalf || sharedHalf == null) {
            store.punchHole(offset, npages << Paging.PAGE_SHIFT);
        } else {
            sharedHalf.discard(offset, npages << Paging.PAGE_SHIFT);
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
