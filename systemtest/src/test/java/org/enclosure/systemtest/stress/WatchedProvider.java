package org.enclosure.systemtest.stress;

import java.util.List;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;
import org.jspecify.annotations.Nullable;

/// A plugin around another one: everything is the other's, but the tables of its VMs tell a [MemoryWatch] what is going on. Opens
/// one machine and creates one VM.
final class WatchedProvider implements ArchitectureProvider {
    private final ArchitectureProvider inner;
    private @Nullable PhysicalMemory memory;
    private @Nullable WatchedVm vm;

    WatchedProvider(ArchitectureProvider inner) {
        this.inner = inner;
    }

    /// The machine's memory, past all checks.
    PhysicalMemory memory() {
        if (memory == null) {
            throw new IllegalStateException("the machine was not opened");
        }
        return memory;
    }

    /// The VM.
    WatchedVm vm() {
        if (vm == null) {
            throw new IllegalStateException("the VM was not created");
        }
        return vm;
    }

    @Override
    public String id() {
        return inner.id();
    }

    @Override
    public SpiVersion spiVersion() {
        return inner.spiVersion();
    }

    @Override
    public List<VmType> vmTypes() {
        return inner.vmTypes();
    }

    @Override
    public Platform open(PlatformContext context) {
        memory = context.memory();
        return new WatchedPlatform(inner.open(context));
    }

    /// The platform, which creates the VM that is watched.
    private final class WatchedPlatform implements Platform {
        private final Platform platform;

        WatchedPlatform(Platform platform) {
            this.platform = platform;
        }

        @Override
        public VmBackend create(VmContext context) {
            WatchedVm created = new WatchedVm(platform.create(context), context.rootPfn());
            vm = created;
            return created;
        }

        @Override
        public long hostAccess(long pfn, int access, FaultDetail detail) {
            return platform.hostAccess(pfn, access, detail);
        }

        @Override
        public ArchOperations operations() {
            return platform.operations();
        }

        @Override
        public LaunchPlanner launchPlanner() {
            return platform.launchPlanner();
        }

        @Override
        public void close() {
            platform.close();
        }
    }
}
