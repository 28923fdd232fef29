package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// What a launch loaded and measured.
///
/// @param gpa where the image starts
/// @param pages pages loaded
/// @param copied pages of these that were copied from a source page (policy `payload`)
/// @param algorithm name of the digest
/// @param digest the digest in lower-case hex
/// @param architectural whether the hardware would give this digest; else it is a transcript of what was loaded
/// @param transcript one line per step
@API(status = EXPERIMENTAL, since = "0.1")
public record LaunchReport(long gpa, long pages, long copied, String algorithm, String digest, boolean architectural,
        List<String> transcript) {
    /// Copies the list.
    public LaunchReport {
        transcript = List.copyOf(transcript);
    }
}
