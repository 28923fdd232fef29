/// The words that every part of Enclosure shares: page arithmetic, access bits, error numbers.
///
/// Units are in the names. A `gpa` is a guest physical byte address, a `gfn` is `gpa >>> 12`; a `pfn` is a host frame
/// number (`pfn * 4096` is the host physical address), an `hva` is a byte address in a
/// [HostAddressSpace][org.enclosure.api.host.HostAddressSpace], a `pgoff` is a page index in a gmem store. They are
/// plain `long`s and are never mixed.
///
/// Two readers: whoever embeds Enclosure starts at [Host][org.enclosure.api.vm.Host]; whoever writes an architecture
/// plugin starts at the package `org.enclosure.spi`.
///
/// Control-plane calls throw [GuestMemoryException][org.enclosure.api.GuestMemoryException]; a call that throws has
/// changed nothing.
@NullMarked
package org.enclosure.api;

import org.jspecify.annotations.NullMarked;
