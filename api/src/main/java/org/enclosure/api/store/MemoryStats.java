package org.enclosure.api.store;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// How much memory a store, or all stores of a VM, hold.
///
/// @param allocatedBytes memory held now
/// @param limitBytes the most that may be held, 0 for no limit
/// @param refusals how often an allocation was refused because of that limit
/// @param failedPages 4K pages whose memory has failed and that were not punched
@API(status = EXPERIMENTAL, since = "0.1")
public record MemoryStats(long allocatedBytes, long limitBytes, long refusals, long failedPages) {
}
