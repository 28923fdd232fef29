package org.enclosure.tdx;

import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;
import org.enclosure.tdx.host.TdxPlatform;
import org.enclosure.tdx.host.TdxTypes;

/// The architecture `x86-tdx`, with the VM type `td` and the ordinary type `legacy`.
public final class TdxProvider implements ArchitectureProvider {
    /// Creates the provider; no state.
    public TdxProvider() {
    }

    @Override
    public String id() {
        return "x86-tdx";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return TdxTypes.ALL;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new TdxPlatform(context);
    }
}
