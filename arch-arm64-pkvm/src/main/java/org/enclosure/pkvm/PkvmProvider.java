package org.enclosure.pkvm;

import java.util.List;

import org.enclosure.pkvm.host.PkvmPlatform;
import org.enclosure.pkvm.host.PkvmTypes;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// The architecture `arm64-pkvm`, with the VM types `protected` and `unprotected`. Setting: `profile` = `6.18`, `7.1`, `android16` or
/// `union`. What guests can execute is in [org.enclosure.pkvm.wire.Smccc].
public final class PkvmProvider implements ArchitectureProvider {
    /// Creates the provider; no state.
    public PkvmProvider() {
    }

    @Override
    public String id() {
        return "arm64-pkvm";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return PkvmTypes.ALL;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new PkvmPlatform(context);
    }
}
