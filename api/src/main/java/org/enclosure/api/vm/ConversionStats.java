package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A VM's conversions.
///
/// @param explicit done because the guest asked by a call
/// @param implicit done because an access of the guest showed it
/// @param host done by the host on its own
/// @param pages 4K pages that changed their kind
/// @param refused requests of the guest, or by [ConversionService#request], that were not done: denied, busy, pinned, vetoed or
///        illegal. What the host's own calls are refused, their exceptions say
/// @param pending 4K pages that the guest has asked back, is kept from, and that the host still holds (now, not a sum)
@API(status = EXPERIMENTAL, since = "0.1")
public record ConversionStats(long explicit, long implicit, long host, long pages, long refused,
        long pending) {
}
