package org.enclosure.core.hostside;

import org.enclosure.core.slot.MemoryObject;

/// A store as the engine knows it: what a mapping needs beyond the public face.
public interface MappableStore {
    /// The pages.
    MemoryObject object();

    /// Whether its owner has given it up; it is decided under the lock of the pages.
    boolean isClosed();
}
