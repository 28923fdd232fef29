package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// What a status word has no room for. Owned by one thread, reset before each call, never created on the fault path.
@API(status = EXPERIMENTAL, since = "0.1")
public final class FaultDetail {
    /// No owner, or none that can be named.
    public static final long NOBODY = -1;

    /// First gfn that the status is about.
    public long gfn;
    /// Number of gfns that the status is about; 1 unless said.
    public long npages;
    /// The access, as bits of [org.enclosure.api.Access].
    public int access;
    /// Level at which the tables hold the page now; 0 if unknown.
    public int level;
    /// Level that the guest asked for; 0 if any will do.
    public int wantedLevel;
    /// The event for the guest, a constant of [org.enclosure.api.vcpu.GuestEvent].
    public int event;
    /// The architecture's own error code, as the guest or the host would see it.
    public long code;
    /// More of the architecture's own information.
    public long info1;
    /// More of the architecture's own information.
    public long info2;
    /// The frame that the status is about; -1 if none.
    public long pfn;
    /// The owner of that frame in the plugin's own numbering, or [#NOBODY].
    public long owner;

    /// Creates a cleared detail.
    public FaultDetail() {
        reset();
    }

    /// Clears all fields.
    public void reset() {
        gfn = 0;
        npages = 1;
        access = 0;
        level = 0;
        wantedLevel = 0;
        event = 0;
        code = 0;
        info1 = 0;
        info2 = 0;
        pfn = -1;
        owner = NOBODY;
    }
}
