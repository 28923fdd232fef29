package org.enclosure.systemtest.stress;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.tck.forward.ForwardingPlatform;
import org.enclosure.tck.forward.ForwardingProvider;
import org.jspecify.annotations.Nullable;

/// A plugin around another one: everything is the other's, but the tables of its VMs tell a [MemoryWatch] what is going on. Opens
/// one machine and creates one VM.
final class WatchedProvider extends ForwardingProvider {
    private @Nullable PhysicalMemory memory;
    private @Nullable WatchedVm vm;

    WatchedProvider(ArchitectureProvider inner) {
        super(inner);
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
    public Platform open(PlatformContext context) {
        memory = context.memory();
        return new WatchedPlatform(super.open(context));
    }

    /// The platform, which creates the VM that is watched.
    private final class WatchedPlatform extends ForwardingPlatform {
        WatchedPlatform(Platform platform) {
            super(platform);
        }

        @Override
        public VmBackend create(VmContext context) {
            WatchedVm created = new WatchedVm(super.create(context), context.rootPfn());
            vm = created;
            return created;
        }
    }
}
