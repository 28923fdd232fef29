package org.enclosure.core.vm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.vcpu.VcpuStats;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.fault.FaultCore;
import org.enclosure.core.machine.GuestEntry;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.vcpu.PreMapper;
import org.enclosure.core.vcpu.VcpuParts;
import org.enclosure.core.vcpu.VcpuPlace;
import org.enclosure.core.vcpu.VcpuSlot;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmTrait;

/// The places that a VM's vCPUs and access resolvers take, and the sum of what they counted. All under the mutation lock.
final class Places {
    /// Enough for the context of a vCPU with sixteen auxiliary pages.
    private static final int VCPU_FRAMES = 24;

    private final VmCore vm;
    private final int count;
    private final VcpuParts parts;
    private final Map<Integer, VcpuPlace> taken = new TreeMap<>();
    private final Map<Integer, VcpuSlot> made = new TreeMap<>();
    private final Tally retired = new Tally();

    Places(VmCore vm, ConversionEngine engine, VmOptions options, PreMapper launch) {
        this.vm = vm;
        count = options.maxVcpus();
        parts = new VcpuParts(vm, new FaultCore(vm), engine, new ConversionGate(options.conversionPolicy(), engine),
                launch);
    }

    VcpuParts parts() {
        return parts;
    }

    ConversionGate gate() {
        return parts.gate();
    }

    private <T> T locked(Supplier<T> action) {
        vm.mutation().lock();
        try {
            return action.get();
        } finally {
            vm.mutation().unlock();
        }
    }

    /// Whether a vCPU was ever created.
    boolean hasBeenTaken() {
        return locked(() -> !made.isEmpty());
    }

    <P extends VcpuPlace> P take(int index, Function<VcpuSlot, P> create) {
        return locked(() -> place(index, create));
    }

    private <P extends VcpuPlace> P place(int index, Function<VcpuSlot, P> create) {
        vm.checkOpen();
        if (index < 0 || index >= count) {
            throw new GuestMemoryException(Errno.EINVAL, "vCPU " + index + "; this VM has 0 to " + (count - 1));
        }
        if (taken.containsKey(index)) {
            throw new GuestMemoryException(Errno.EEXIST, "vCPU " + index + " exists");
        }
        VcpuSlot slot = made.computeIfAbsent(index, this::make);
        P place = create.apply(slot);
        taken.put(index, place);
        return place;
    }

    private VcpuSlot make(int index) {
        FrameCache frames = new FrameCache(2 * VCPU_FRAMES);
        if (!vm.host().topUp(frames, VCPU_FRAMES)) {
            vm.host().drain(frames);
            throw new GuestMemoryException(Errno.ENOMEM, "the host is out of frames for vCPU " + index);
        }
        VcpuBackend backend = vm.backend().createVcpu(new VcpuContext(index, frames));
        GuestEntry entry = new GuestEntry(backend, vm.traits().has(VmTrait.FLUSH_NEEDS_EXIT));
        vm.add(entry);
        return new VcpuSlot(index, backend, entry, frames, this::release);
    }

    private void release(VcpuPlace place) {
        locked(() -> {
            retired.add(place.stats());
            return taken.remove(place.index());
        });
    }

    /// Whether a thread is in one of them.
    boolean isRunning() {
        return locked(() -> taken.values().stream().anyMatch(VcpuPlace::isRunning));
    }

    /// Closes all; none may run. The caller holds the mutation lock until the VM is closed, so no new ones come.
    void closeAll() {
        for (VcpuPlace place : taken.values()) {
            if (place.isRunning()) {
                throw new IllegalStateException("vCPU " + place.index() + " runs; kick it before the VM is closed");
            }
        }
        List.copyOf(taken.values()).forEach(VcpuPlace::close);
        closeBackends();
    }

    private void closeBackends() {
        for (VcpuSlot slot : made.values()) {
            vm.remove(slot.entry());
            slot.backend().close();
            vm.host().drain(slot.frames());
        }
        made.clear();
    }

    VcpuStats stats() {
        return locked(this::sum);
    }

    private VcpuStats sum() {
        Tally sum = new Tally();
        sum.add(retired.stats());
        taken.values().forEach(place -> sum.add(place.stats()));
        return sum.stats();
    }

    /// A running sum of counters.
    private static final class Tally {
        private final Map<String, Long> faults = new LinkedHashMap<>();
        private final Map<String, Long> exits = new LinkedHashMap<>();
        private long fills;
        private long flushes;

        void add(VcpuStats stats) {
            stats.faults().forEach((name, value) -> faults.merge(name, value, Long::sum));
            stats.exits().forEach((name, value) -> exits.merge(name, value, Long::sum));
            fills += stats.tlbFills();
            flushes += stats.tlbFlushes();
        }

        VcpuStats stats() {
            return new VcpuStats(faults, exits, fills, flushes);
        }
    }
}
