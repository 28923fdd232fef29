package org.enclosure.tdx.launch;

/// The lines of a launch's transcript.
public final class Transcript {
    private Transcript() {
    }

    /// A page is added.
    public static String add(long gpa) {
        return "TDH.MEM.PAGE.ADD gpa=0x" + Long.toHexString(gpa);
    }

    /// Pages are measured, 16 chunks each.
    public static String extend(long gpa, long pages) {
        return "TDH.MR.EXTEND gpa=0x" + Long.toHexString(gpa) + " pages=" + pages;
    }
}
