package org.enclosure.cca;

import java.util.List;

import org.enclosure.cca.host.CcaPlatform;
import org.enclosure.cca.host.CcaTypes;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// The architecture `cca`, with the VM type `realm`.
public final class CcaProvider implements ArchitectureProvider {
    /// Creates the provider; no state.
    public CcaProvider() {
    }

    @Override
    public String id() {
        return "cca";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return List.of(CcaTypes.REALM);
    }

    @Override
    public Platform open(PlatformContext context) {
        return new CcaPlatform(context);
    }
}
