package org.enclosure.cca.wire;

/// The realm's view of a protected page: the RIPAS values (RMM specification 1.0, A5.2.3).
public final class Ripas {
    /// No memory: an access is an abort of the realm's own.
    public static final int EMPTY = 0;
    /// Memory.
    public static final int RAM = 1;
    /// The host took memory away.
    public static final int DESTROYED = 2;

    private Ripas() {
    }
}
