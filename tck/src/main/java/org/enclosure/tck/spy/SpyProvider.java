package org.enclosure.tck.spy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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

/// A provider around the one under test. Everything that is called and answered is the other's; this one keeps hold of the
/// platform and of each VM's backend, and judges the answers. Opens one machine.
public final class SpyProvider implements ArchitectureProvider {
    private final ArchitectureProvider inner;
    private final Violations violations = new Violations();
    private final List<SpyVm> vms = new CopyOnWriteArrayList<>();
    private @Nullable PlatformContext context;
    private @Nullable Platform platform;

    /// Stands around a provider.
    public SpyProvider(ArchitectureProvider inner) {
        this.inner = inner;
    }

    /// Rules broken so far.
    public Violations violations() {
        return violations;
    }

    /// The machine's memory, past all checks.
    public PhysicalMemory memory() {
        return context().memory();
    }

    /// What the machine was opened with.
    public PlatformContext context() {
        return opened(context);
    }

    /// The plugin's platform.
    public Platform platform() {
        return opened(platform);
    }

    /// The backends of the VMs, in the order of their creation.
    public List<SpyVm> vms() {
        return vms;
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the machine was not opened");
        }
        return part;
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
    public Platform open(PlatformContext with) {
        context = with;
        Platform opened = inner.open(with);
        platform = opened;
        return new SpyPlatform(opened, with.memory());
    }

    /// The platform as the engine sees it.
    private final class SpyPlatform implements Platform {
        private final Platform platform;
        private final PhysicalMemory memory;

        SpyPlatform(Platform platform, PhysicalMemory memory) {
            this.platform = platform;
            this.memory = memory;
        }

        @Override
        public VmBackend create(VmContext context) {
            SpyVm vm = new SpyVm(platform.create(context), memory, violations);
            vms.add(vm);
            return vm;
        }

        @Override
        public long hostAccess(long pfn, int access, FaultDetail detail) {
            long status = platform.hostAccess(pfn, access, detail);
            Answers.check(violations, "hostAccess", status, Answers.HOST_ACCESS);
            return status;
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
