package org.enclosure.pkvm.wire;

/// The calls that a guest makes by HVC, as the SMC Calling Convention and the kernel's `hypercalls.rst` number them. The function
/// is in W0, arguments are in X1 to X3, results in X0 to X3.
public final class Smccc {
    /// The instruction `HVC #0`, by its encoding.
    public static final int HVC = 0xd400_0002;

    /// Who the vendor hypervisor is: four words.
    public static final int CALL_UID = 0x8600_ff01;
    /// Which functions there are: a bitmap of 128.
    public static final int FEATURES = 0x8600_0000;
    /// Added to the number of a function of the KVM service, HVC64.
    public static final int SERVICE = 0xc600_0000;

    /// Function: what granule sharing has.
    public static final int HYP_MEMINFO = 2;
    /// Function: share pages with the host.
    public static final int MEM_SHARE = 3;
    /// Function: take shared pages back.
    public static final int MEM_UNSHARE = 4;
    /// Function (Android): granule of the MMIO guard.
    public static final int MMIO_GUARD_INFO = 5;
    /// Function (Android): from now on MMIO is for guarded pages only.
    public static final int MMIO_GUARD_ENROLL = 6;
    /// Function: a page is MMIO.
    public static final int MMIO_GUARD_MAP = 7;
    /// Function (Android): takes that back; does nothing.
    public static final int MMIO_GUARD_UNMAP = 8;
    /// Function (Android): gives a page back to the host, wiped.
    public static final int MEM_RELINQUISH = 9;

    /// Result: done.
    public static final long SUCCESS = 0;
    /// Result: there is no such function.
    public static final long NOT_SUPPORTED = -1;
    /// Result: any check failed.
    public static final long INVALID_PARAMETER = -3;

    /// HYP_MEMINFO, R1 (Android): share and unshare take ranges.
    public static final long RANGES = 1;

    private static final long[] UID = {0xb66f_b428L, 0xe911_c52eL, 0x564b_caa9L, 0x743a_004dL};

    private Smccc() {
    }

    /// Word 0 to 3 of the vendor's UID.
    public static long uid(int word) {
        return UID[word];
    }

    /// Whether W0 names a function of the KVM service, and which: 0 to 127, or -1.
    public static int function(int fid) {
        int number = fid - SERVICE;
        return fid == FEATURES ? 0 : number > 0 && number < 128 ? number : -1;
    }
}
