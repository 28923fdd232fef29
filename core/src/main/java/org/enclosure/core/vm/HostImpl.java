package org.enclosure.core.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.PhysicalAccess;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.HostStats;
import org.enclosure.api.vm.PoolStats;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.hostside.HostSpace;
import org.enclosure.core.hostside.PhysicalAccessImpl;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.machine.PolicyChoices;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.HugePool;
import org.enclosure.core.s2.S2Table;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// One machine: memory, frames, platform, VMs.
public final class HostImpl implements Host {
    /// gfns that a VM-wide attribute map covers.
    private static final long ATTRIBUTE_PAGES = 1L << 36;

    private final ArchitectureProvider provider;
    private final HostCore core;
    private final PhysicalAccess physical;
    private final Set<VmImpl> vms = ConcurrentHashMap.newKeySet();
    private final Set<HostSpace> spaces = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private HostImpl(ArchitectureProvider provider, HostCore core) {
        this.provider = provider;
        this.core = core;
        physical = new PhysicalAccessImpl(core, this::dropAll, this::checkOpen);
    }

    /// Opens a host with a provider's platform.
    ///
    /// @throws GuestMemoryException EINVAL if the platform refuses a setting; ENOMEM if the memory cannot be reserved
    public static Host open(ArchitectureProvider provider, HostOptions options) {
        HostMemory memory = reserve(options);
        try {
            PhysicalMemory physical = new PhysicalMemory(memory.segment(), 0);
            Platform platform = provider.open(new PlatformContext(physical,
                    List.of(new MemoryRange(0, options.memoryBytes(), MemoryRange.Kind.RAM)), options.settings()));
            return new HostImpl(provider,
                    new HostCore(memory, new FrameAllocator(memory), physical, platform, provider.id()));
        } catch (IllegalArgumentException e) {
            memory.close();
            throw new GuestMemoryException(Errno.EINVAL, "platform " + provider.id() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private static HostMemory reserve(HostOptions options) {
        try {
            return HostMemory.reserve(options.memoryBytes());
        } catch (OutOfMemoryError e) {
            throw new GuestMemoryException(Errno.ENOMEM,
                    "host memory of " + options.memoryBytes() + " bytes cannot be reserved: " + e.getMessage());
        }
    }

    @Override
    public String architecture() {
        return core.architecture();
    }

    @Override
    public Vm createVm(VmOptions options) {
        checkOpen();
        VmType type = type(options.type());
        if (options.maxVcpus() < 1 || options.maxVcpus() > VmOptions.MAX_VCPUS) {
            throw new GuestMemoryException(Errno.EINVAL,
                    options.maxVcpus() + " vCPUs; legal are 1 to " + VmOptions.MAX_VCPUS);
        }
        if (options.memoryLimit() < 0 || !Paging.isPageAligned(options.memoryLimit())) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "a memory limit of " + options.memoryLimit() + " bytes; legal is a multiple of 4096, 0 for none");
        }
        PolicyChoices policies = new PolicyChoices(options.policies(), core.architecture() + "/" + type.id(),
                type.traits());
        VmMemory memory = VmMemory.take(core, type.traits());
        try {
            VmImpl vm = new VmImpl(this, new VmParts(type, options, wire(type, options, policies, memory), memory));
            vms.add(vm);
            return vm;
        } catch (IllegalArgumentException e) {
            memory.free();
            throw new GuestMemoryException(Errno.EINVAL, core.architecture() + "/" + type.id() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            memory.free();
            throw e;
        }
    }

    private VmCore wire(VmType type, VmOptions options, PolicyChoices policies, VmMemory memory) {
        VmBackend backend = core.platform()
                .create(new VmContext(type, options.maxVcpus(), memory.rootPfn(), memory.frames(), options.settings()));
        VmTraits traits = backend.traits();
        S2Table s2 = traits.format() == null ? null : new S2Table(core.memory(), traits.format(), memory.rootPfn());
        AttributeMap attributes = policies.isSplit() ? new AttributeMap(ATTRIBUTE_PAGES, false) : null;
        return new VmCore(core, backend, policies, s2, attributes);
    }

    private VmType type(String id) {
        for (VmType type : provider.vmTypes()) {
            if (type.id().equals(id)) {
                return type;
            }
        }
        throw new GuestMemoryException(Errno.EINVAL, "platform " + core.architecture() + " has no VM type '" + id
                + "'; it has: " + provider.vmTypes().stream().map(VmType::id).collect(Collectors.joining(", ")));
    }

    private void checkOpen() {
        if (closed) {
            throw new GuestMemoryException(Errno.EBADF, "the host is closed");
        }
    }

    @Override
    public HostAddressSpace createAddressSpace() {
        checkOpen();
        HostSpace space = new HostSpace(core, spaces::add);
        spaces.add(space);
        return space;
    }

    @Override
    public PhysicalAccess physical() {
        return physical;
    }

    private void dropAll() {
        vms.forEach(vm -> vm.core().domain().shootdown(0, vm.core().gfnLimit(), null));
    }

    @Override
    public void growPool(StoreKind kind, int count) {
        checkOpen();
        HugePool pool = pool(kind);
        if (count < 0) {
            throw new GuestMemoryException(Errno.EINVAL, "a pool grows by 0 or more pages, not by " + count);
        }
        if (!pool.grow(count)) {
            throw new GuestMemoryException(Errno.ENOMEM,
                    "the host has not " + count + " free blocks for the pool " + kind);
        }
    }

    private HugePool pool(StoreKind kind) {
        HugePool pool = core.pool(kind);
        if (pool == null) {
            throw new GuestMemoryException(Errno.EINVAL, "there is no pool for the kind " + kind);
        }
        return pool;
    }

    @Override
    public PoolStats poolStats(StoreKind kind) {
        checkOpen();
        HugePool pool = pool(kind);
        return new PoolStats(pool.total(), pool.free(), pool.reserved());
    }

    @Override
    public boolean memoryFailure(long pa) {
        checkOpen();
        long pfn = pa >> Paging.PAGE_SHIFT;
        if (!core.memory().contains(pfn)) {
            throw new GuestMemoryException(Errno.EINVAL, "there is no memory at 0x" + Long.toHexString(pa));
        }
        if (isTakenAway(pfn)) {
            return true;
        }
        if (!core.frames().poison(pfn) || core.pool2m().dropFailed(pfn) || core.pool1g().dropFailed(pfn)) {
            return false;
        }
        if (isTakenAway(pfn)) {
            return true; // somebody has begun to use it meanwhile
        }
        throw new GuestMemoryException(Errno.EBUSY, "the frame at 0x" + Long.toHexString(pa)
                + " holds data of the engine or the architecture, or lies in a vCPU's reserve; nobody else will get it");
    }

    private boolean isTakenAway(long pfn) {
        for (VmImpl vm : vms) {
            if (vm.poison(pfn)) {
                return true;
            }
        }
        for (HostSpace space : spaces) {
            if (space.poison(pfn)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long trim() {
        checkOpen();
        return core.frames().trim();
    }

    @Override
    public HostStats stats() {
        return new HostStats(core.memory().frames(), core.frames().freeFrames(), core.frames().quarantinedFrames());
    }

    /// What the host's VMs share; for tests that stand in the engine's place.
    public HostCore core() {
        return core;
    }

    void forget(VmImpl vm) {
        vms.remove(vm);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        new ArrayList<>(vms).forEach(VmImpl::closeWithStores);
        closed = true;
        spaces.forEach(HostSpace::close);
        core.platform().close();
        core.frames().close();
        core.memory().close();
    }
}
