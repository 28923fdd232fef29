package org.enclosure.cca.machine;

/// The monitor's services to the RMM, and what moves granules without telling it (RMM-EL3 interface).
public final class El3 {
    /// Done.
    public static final long OK = 0;
    /// There is no such granule.
    public static final long BAD_ADDRESS = -2;
    /// The granule is in another address space.
    public static final long BAD_PAS = -3;

    private final Gpt gpt;
    private final Granules granules;

    El3(Gpt gpt, Granules granules) {
        this.gpt = gpt;
        this.granules = granules;
    }

    /// GTSI_DELEGATE: Non-secure to Realm.
    public long delegate(long pa) {
        return move(pa, Pas.NS, Pas.REALM);
    }

    /// GTSI_UNDELEGATE: Realm to Non-secure.
    public long undelegate(long pa) {
        return move(pa, Pas.REALM, Pas.NS);
    }

    /// Moves a granule to any space: the Secure world or EL3 itself takes or returns it.
    public long setPas(long pa, int pas) {
        if (!granules.exists(pa)) {
            return BAD_ADDRESS;
        }
        while (!gpt.move(pa >>> Granules.SHIFT, gpt.pas(pa >>> Granules.SHIFT), pas)) {
            Thread.onSpinWait();
        }
        return OK;
    }

    private long move(long pa, int from, int to) {
        if (!granules.exists(pa)) {
            return BAD_ADDRESS;
        }
        return gpt.move(pa >>> Granules.SHIFT, from, to) ? OK : BAD_PAS;
    }
}
