package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The version of this package: `major` changes when a plugin has to be changed, `minor` when something was added.
///
/// @param major incompatible changes
/// @param minor compatible additions
@API(status = EXPERIMENTAL, since = "0.1")
public record SpiVersion(int major, int minor) {
    private static final int CURRENT_MAJOR = 1;
    private static final int CURRENT_MINOR = 0;

    /// Checks that neither number is negative.
    public SpiVersion {
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException("SPI version " + major + "." + minor + " has a negative part");
        }
    }

    /// The version that this copy of the SPI is. A method, not a constant, so that a plugin that answers with
    /// `SpiVersion.of(1, 0)` says what it was compiled against, while an engine asks this.
    public static SpiVersion current() {
        return new SpiVersion(CURRENT_MAJOR, CURRENT_MINOR);
    }

    /// A version by its numbers; a plugin writes the numbers that it was built against.
    public static SpiVersion of(int major, int minor) {
        return new SpiVersion(major, minor);
    }

    /// Whether an engine of this version can drive a plugin built against `plugin`.
    public boolean accepts(SpiVersion plugin) {
        return plugin.major == major && plugin.minor <= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
