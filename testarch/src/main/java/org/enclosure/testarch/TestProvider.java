package org.enclosure.testarch;

import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;
import org.enclosure.testarch.host.TestPlatform;
import org.enclosure.testarch.host.TestTypes;

/// The architecture `test`, with the VM types `core-owned`, `backend-owned` and `backend-both`.
/// What its guests can execute is in [org.enclosure.testarch.wire.Abi].
public final class TestProvider implements ArchitectureProvider {
    /// Creates the provider; no state.
    public TestProvider() {
    }

    @Override
    public String id() {
        return "test";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return TestTypes.ALL;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new TestPlatform(context);
    }
}
