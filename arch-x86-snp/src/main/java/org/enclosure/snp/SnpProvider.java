package org.enclosure.snp;

import java.util.List;

import org.enclosure.snp.host.SnpPlatform;
import org.enclosure.snp.host.SnpTypes;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// The architecture `x86-snp`, with the VM types `snp`, `sev-es` and `sev`.
public final class SnpProvider implements ArchitectureProvider {
    /// Creates the provider; no state.
    public SnpProvider() {
    }

    @Override
    public String id() {
        return "x86-snp";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return SnpTypes.ALL;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new SnpPlatform(context);
    }
}
