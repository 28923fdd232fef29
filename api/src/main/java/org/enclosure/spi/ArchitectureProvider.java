package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// The service that a plugin offers through `ServiceLoader`: the first link of the chain.
///
/// An implementation is public, has a public constructor without parameters, and is declared both in `module-info` and in
/// `META-INF/services` (rule LOAD-2). All methods may be called on any thread.
@API(status = EXPERIMENTAL, since = "0.1")
public interface ArchitectureProvider {
    /// The identity: lower-case letters, digits and single hyphens, starting with a letter, at most 32 characters.
    /// Unique among all providers found; `software` is reserved for the built-in platform.
    String id();

    /// The SPI version that the plugin was built against: a literal [SpiVersion#of(int, int)], so that it names the version
    /// compiled against.
    SpiVersion spiVersion();

    /// The VM types that the platform offers, with their traits; at least one, ids unique.
    List<VmType> vmTypes();

    /// Opens one machine: host-wide tables over the memory of the context. Works without the engine, so that a platform can
    /// be driven bare (rule LOAD-4).
    ///
    /// @throws IllegalArgumentException if an option is unknown or its value illegal; the message names both
    Platform open(PlatformContext context);
}
