package org.enclosure.core.slot;

/// Told of references on pages: what a guest has asked back gets no new ones, and is looked at again when one goes.
public interface PinWatch {
    /// Whether new references on pages `[start, end)` of an object are refused to a holder; one that it has it may renew. The caller
    /// holds the object's lock.
    boolean forbids(MemoryObject object, long start, long end, String holder);

    /// Whether a holder gives its references up when a conversion asks for them: then they do not stand in its way.
    boolean yields(String holder);

    /// A reference was given up. The caller holds no lock of the engine and has its marks even.
    void released();
}
