package org.enclosure.examples.attack;

import java.util.Locale;

/// Who attacks.
public enum Attacker {
    /// The host, or the VMM.
    HOST,
    /// The guest.
    GUEST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
