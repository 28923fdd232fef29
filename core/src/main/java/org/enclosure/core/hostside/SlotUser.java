package org.enclosure.core.hostside;

/// A VM whose memslots use a host mapping.
public interface SlotUser {
    /// The mapping goes: slots above lose what it backs.
    void mappingClosed(MappingImpl mapping);

    /// Pages of the mapping are freed.
    void discard(MappingImpl mapping, long startPage, long endPage);
}
