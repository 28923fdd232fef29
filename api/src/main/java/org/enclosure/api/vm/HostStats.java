package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A host's frames, in 4K frames.
///
/// @param total all
/// @param free never used or given back
/// @param quarantined never to be used again
@API(status = EXPERIMENTAL, since = "0.1")
public record HostStats(long total, long free, long quarantined) {
}
