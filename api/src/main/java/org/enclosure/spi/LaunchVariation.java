package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Map;

import org.apiguardian.api.API;

/// Launch inputs that differ from others in one way that people get wrong.
///
/// @param change what differs, one line for people, with the value: `VMM is ec2 instead of qemu`
/// @param options all options of the launch with that change
@API(status = EXPERIMENTAL, since = "0.1")
public record LaunchVariation(String change, Map<String, String> options) {
    /// Copies the map.
    public LaunchVariation {
        options = Map.copyOf(options);
    }
}
