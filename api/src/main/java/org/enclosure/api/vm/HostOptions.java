package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.HashMap;
import java.util.Map;

import org.apiguardian.api.API;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;

/// The description of a machine.
///
/// @param architecture id of the platform that the machine has
/// @param memoryBytes host RAM, a multiple of 4096 from 16M to 4T; reserved, not committed
/// @param settings the platform's own settings, by name
@API(status = EXPERIMENTAL, since = "0.1")
public record HostOptions(String architecture, long memoryBytes, Map<String, String> settings) {
    /// The least and the most RAM of a host.
    public static final long MIN_MEMORY = 16L << 20;
    /// The most RAM of a host.
    public static final long MAX_MEMORY = 4L << 40;

    /// Checks the size; copies the settings.
    ///
    /// @throws GuestMemoryException EINVAL
    public HostOptions {
        if (memoryBytes < MIN_MEMORY || memoryBytes > MAX_MEMORY || !Paging.isPageAligned(memoryBytes)) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "host memory of " + memoryBytes + " bytes; legal is a multiple of 4096 from 16M to 4T");
        }
        settings = Map.copyOf(settings);
    }

    /// A machine with default settings.
    public static HostOptions of(String architecture, long memoryBytes) {
        return new HostOptions(architecture, memoryBytes, Map.of());
    }

    /// This description with one setting more.
    public HostOptions with(String name, String value) {
        Map<String, String> next = new HashMap<>(settings);
        next.put(name, value);
        return new HostOptions(architecture, memoryBytes, next);
    }
}
