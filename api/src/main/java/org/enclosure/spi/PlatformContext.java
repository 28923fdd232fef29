package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;
import java.util.Map;

import org.apiguardian.api.API;

/// What a platform is opened with.
///
/// @param memory host physical memory
/// @param ranges what lies where in the physical address space
/// @param options the plugin's own settings, by name
@API(status = EXPERIMENTAL, since = "0.1")
public record PlatformContext(PhysicalMemory memory, List<MemoryRange> ranges, Map<String, String> options) {
    /// Copies the collections.
    public PlatformContext {
        ranges = List.copyOf(ranges);
        options = Map.copyOf(options);
    }
}
