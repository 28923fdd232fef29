package org.enclosure.core;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// An architecture that was found and passed all checks.
///
/// @param id its identity
/// @param spiVersion the SPI version that it was built against
/// @param vmTypes the VM types that it offers, in its order
/// @param location the jar, folder or module that it came from
/// @param builtIn whether it is the platform that the engine brings itself
/// @param provider the provider: whoever drives a bare platform opens it from here
@API(status = EXPERIMENTAL, since = "0.1")
public record FoundArchitecture(String id, SpiVersion spiVersion, List<VmType> vmTypes, String location,
        boolean builtIn,
        ArchitectureProvider provider) {
    /// Copies the list.
    public FoundArchitecture {
        vmTypes = List.copyOf(vmTypes);
    }
}
