package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.HexFormat;
import java.util.List;

import org.apiguardian.api.API;

/// What a launch was measured to be.
///
/// @param algorithm name of the digest
/// @param digest the digest in lower-case hex
/// @param architectural whether the hardware of this architecture would give this digest; else it is only a transcript of what
///        was loaded
/// @param transcript one line per step
@API(status = EXPERIMENTAL, since = "0.1")
public record LaunchResult(String algorithm, String digest, boolean architectural, List<String> transcript) {
    /// Checks that the digest is hex; copies the list.
    public LaunchResult {
        HexFormat.of().parseHex(digest);
        transcript = List.copyOf(transcript);
    }
}
