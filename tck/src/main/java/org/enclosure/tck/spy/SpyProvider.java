package org.enclosure.tck.spy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.tck.forward.ForwardingPlatform;
import org.enclosure.tck.forward.ForwardingProvider;
import org.jspecify.annotations.Nullable;

/// A provider around the one under test. Everything that is called and answered is the other's; this one keeps hold of the
/// platform and of each VM's backend, and judges the answers. Opens one machine.
public final class SpyProvider extends ForwardingProvider {
    private final Violations violations = new Violations();
    private final List<SpyVm> vms = new CopyOnWriteArrayList<>();
    private @Nullable PlatformContext context;
    private @Nullable Platform platform;

    /// Stands around a provider.
    public SpyProvider(ArchitectureProvider inner) {
        super(inner);
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
    public Platform open(PlatformContext with) {
        context = with;
        Platform opened = super.open(with);
        platform = opened;
        return new SpyPlatform(opened, with.memory());
    }

    /// The platform as the engine sees it.
    private final class SpyPlatform extends ForwardingPlatform {
        private final PhysicalMemory memory;

        SpyPlatform(Platform platform, PhysicalMemory memory) {
            super(platform);
            this.memory = memory;
        }

        @Override
        public VmBackend create(VmContext context) {
            SpyVm vm = new SpyVm(super.create(context), memory, violations);
            vms.add(vm);
            return vm;
        }

        @Override
        public long hostAccess(long pfn, int access, FaultDetail detail) {
            long status = super.hostAccess(pfn, access, detail);
            Answers.check(violations, "hostAccess", status, Answers.HOST_ACCESS);
            return status;
        }
    }
}
