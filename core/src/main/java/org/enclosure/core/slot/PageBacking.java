package org.enclosure.core.slot;

import org.enclosure.core.folio.FolioMap;
import org.jspecify.annotations.Nullable;

/// Where the pages of one half of a slot come from.
///
/// @param object the pages
/// @param base index of the slot's first page in the object
/// @param permissions what the host mapping permits through which the slot reaches them; null for a store, which permits all
public record PageBacking(MemoryObject object, long base, @Nullable HostPermissions permissions) {
    /// Pages that are reached without a mapping.
    public PageBacking(MemoryObject object, long base) {
        this(object, base, null);
    }

    /// The pages.
    public FolioMap folios() {
        return object.folios();
    }

    /// Whether the mapping does not permit everything everywhere.
    public boolean isRestricted() {
        return permissions != null && permissions.isRestricted();
    }

    /// What is permitted for a page of the object: bits of [HostPermissions].
    public int permitted(long page) {
        return permissions == null ? HostPermissions.ALL : permissions.of(page);
    }
}
