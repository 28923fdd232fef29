package org.enclosure.core.slot;

import org.enclosure.api.host.HostMapping;

/// A VM whose memslots use host memory: what has to be told when that memory changes.
///
/// A change of pages that several VMs use holds the locks of all of them, taken in the order of [#number()].
public interface SlotUser {
    /// Its place in the order of locks; no two are equal.
    long number();

    /// Takes its mutation lock.
    void lock();

    /// Gives its mutation lock back.
    void unlock();

    /// Takes pages of an object from its vCPUs and keeps faults away until [#endTake]; locked.
    ///
    /// @param frees whether the pages themselves go, and not only somebody's reach of them
    void beginTake(MemoryObject object, long start, long end, boolean frees);

    /// Ends what [#beginTake] began; locked.
    void endTake();

    /// A mapping has ended: slots above lose what it backs.
    void mappingClosed(HostMapping mapping);
}
