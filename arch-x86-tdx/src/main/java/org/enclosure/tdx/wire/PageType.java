package org.enclosure.tdx.wire;

/// The types of a physical page in the PAMT.
public final class PageType {
    /// Not assigned to the module.
    public static final int NDA = 0;
    /// In a reserved area: never usable.
    public static final int RSVD = 1;
    /// A page of a guest.
    public static final int REG = 3;
    /// The root page of a TD.
    public static final int TDR = 4;
    /// A control page of a TD.
    public static final int TDCX = 5;
    /// A page of a vCPU.
    public static final int TDVPR = 6;
    /// A secure EPT table.
    public static final int EPT = 8;

    private PageType() {
    }
}
