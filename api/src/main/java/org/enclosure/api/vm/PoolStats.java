package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A host's pool of huge pages, counted in these.
///
/// @param total all
/// @param free not in use
/// @param reserved set aside for stores, in use or not
@API(status = EXPERIMENTAL, since = "0.1")
public record PoolStats(long total, long free, long reserved) {
}
