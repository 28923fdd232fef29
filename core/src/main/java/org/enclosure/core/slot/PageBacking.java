package org.enclosure.core.slot;

import org.enclosure.core.folio.FolioMap;

/// Where the pages of one half of a slot come from.
///
/// @param object the pages
/// @param base index of the slot's first page in the object
public record PageBacking(MemoryObject object, long base) {
    /// The pages.
    public FolioMap folios() {
        return object.folios();
    }
}
