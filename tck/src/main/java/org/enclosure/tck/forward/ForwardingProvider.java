package org.enclosure.tck.forward;

import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// A provider around another one; what is called is the other's.
public abstract class ForwardingProvider implements ArchitectureProvider {
    private final ArchitectureProvider inner;

    /// Stands around a provider.
    protected ForwardingProvider(ArchitectureProvider inner) {
        this.inner = inner;
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
        return inner.open(context);
    }
}
