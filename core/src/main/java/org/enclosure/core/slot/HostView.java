package org.enclosure.core.slot;

import org.enclosure.core.translation.TranslationDomain;

/// A range of a memory object that a host address space maps.
///
/// @param domain who holds translations of that address space
/// @param hostPage first page number there
/// @param objectPage first page of the object
/// @param pages length
public record HostView(TranslationDomain domain, long hostPage, long objectPage, long pages) {
}
