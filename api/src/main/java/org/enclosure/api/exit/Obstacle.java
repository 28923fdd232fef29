package org.enclosure.api.exit;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// What stands in the way of an access or a conversion, so that a VMM need not guess
/// (KVM mailing list, May 2025: "VCPU run will let it know exactly why it's exiting").
@API(status = STABLE, since = "0.1")
public enum Obstacle {
    /// Nothing: the guest asks, or the exit is about something else.
    NONE,
    /// The page is of the other kind; converting it helps.
    MISMATCH,
    /// The guest has asked to make the page private and the host still holds it: somebody has to let go.
    PINNED
}
