package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// What made a conversion be asked for.
@API(status = STABLE, since = "0.1")
public enum ConversionOrigin {
    /// The guest asked by a call: explicit.
    GUEST_CALL,
    /// An access of the guest showed it: implicit.
    FAULT,
    /// The host converts on its own.
    HOST
}
