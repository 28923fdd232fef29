package org.enclosure.cca.machine;

import java.util.Locale;

/// The version of the RMM that is modelled: 1.0, or 1.0 with what 1.1 changed in the commands that both have.
public enum Profile {
    /// RMM 1.0.
    RMM_1_0("1.0"),
    /// RMM 1.1 for the memory management of 1.0: SET_RIPAS to EMPTY may change DESTROYED, READ_ENTRY shows the address of
    /// ASSIGNED/DESTROYED, start-level tables are aligned to their total size, the top of SET_RIPAS to a granule.
    RMM_1_1("1.1");

    private final String label;

    Profile(String label) {
        this.label = label;
    }

    /// The profile of a name such as `1.0`.
    ///
    /// @throws IllegalArgumentException naming the legal names
    public static Profile of(String label) {
        for (Profile profile : values()) {
            if (profile.label.equals(label.toLowerCase(Locale.ROOT))) {
                return profile;
            }
        }
        throw new IllegalArgumentException("option rmm=" + label + " is not legal; legal: 1.0, 1.1");
    }
}
