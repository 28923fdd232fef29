package org.enclosure.core.plugin;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.apiguardian.api.API;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.core.machine.PolicyChoices;
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

    /// The values of each policy that VMs of a type may choose, the type's default first.
    ///
    /// @param type one of [#vmTypes()]
    public Map<PolicyKey, List<String>> policies(VmType type) {
        Map<PolicyKey, List<String>> legal = new EnumMap<>(PolicyKey.class);
        for (PolicyKey key : PolicyKey.values()) {
            legal.put(key, PolicyChoices.legal(key, type.traits()));
        }
        return Collections.unmodifiableMap(legal);
    }
}
