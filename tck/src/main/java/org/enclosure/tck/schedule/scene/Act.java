package org.enclosure.tck.schedule.scene;

/// What one thread of a race can do.
public enum Act {
    /// A vCPU loads and stores a page that is not mapped yet, or not any more.
    FAULT,
    /// The host converts the page and its neighbours to shared and back to private.
    CONVERT,
    /// The host punches a hole there.
    PUNCH,
    /// The VMM deletes the slot and creates it again.
    SLOT,
    /// A device pins the page if it can, and writes it.
    PIN,
    /// The host loads and stores through its mapping.
    HOST_ACCESS,
    /// A second VM takes a frame for itself.
    SECOND_VM,
    /// Somebody reads kinds, states and counters.
    SNAPSHOT
}
