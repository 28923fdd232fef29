package org.enclosure.core.slot;

/// Somebody who waits for references on the pages of an object to go.
public interface PinWatch {
    /// Whether no new reference on `[start, end)` is given out. The caller holds the object's lock.
    boolean forbids(MemoryObject object, long start, long end);

    /// A reference went. The caller holds no lock of the engine and has its marks even.
    void released();
}
