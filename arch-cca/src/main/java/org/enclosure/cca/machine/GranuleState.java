package org.enclosure.cca.machine;

import java.util.List;

/// What the RMM uses a granule for, by the reference implementation's numbers.
public final class GranuleState {
    /// Not the RMM's.
    public static final int NS = 0;
    /// The RMM's, unused and zero.
    public static final int DELEGATED = 1;
    /// Realm descriptor; references: RECs.
    public static final int RD = 2;
    /// Realm execution context; references: 1 while it runs.
    public static final int REC = 3;
    /// Auxiliary granule of a REC.
    public static final int REC_AUX = 4;
    /// A page of a realm.
    public static final int DATA = 5;
    /// Realm translation table; references: TABLE and ASSIGNED entries.
    public static final int RTT = 6;

    /// The names, by number.
    public static final List<String> NAMES = List.of("NS", "DELEGATED", "RD", "REC", "REC_AUX", "DATA", "RTT");

    private GranuleState() {
    }
}
