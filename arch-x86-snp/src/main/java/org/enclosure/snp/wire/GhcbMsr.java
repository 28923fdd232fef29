package org.enclosure.snp.wire;

/// The GHCB MSR, C001_0130: an address where the low 12 bits are 0, else a request or answer whose kind they name (GHCB
/// specification, MSR protocol).
public final class GhcbMsr {
    /// Number of the MSR.
    public static final long NUMBER = 0xc001_0130L;
    /// Answer: 63:48 highest and 47:32 lowest version, 31:24 position of the C-bit. What a vCPU starts with.
    public static final int SEV_INFO_RESPONSE = 0x001;
    /// Request: SEV information.
    public static final int SEV_INFO_REQUEST = 0x002;
    /// Request: 63:32 function, 31:30 register 0 EAX to 3 EDX.
    public static final int CPUID_REQUEST = 0x004;
    /// Answer: 63:32 value, 31:30 register.
    public static final int CPUID_RESPONSE = 0x005;
    /// Request: hold this vCPU until it is woken.
    public static final int AP_RESET_HOLD_REQUEST = 0x006;
    /// Answer: 63:12 not zero = woken.
    public static final int AP_RESET_HOLD_RESPONSE = 0x007;
    /// Request: the address that the hypervisor would like for the GHCB.
    public static final int PREFERRED_GPA_REQUEST = 0x010;
    /// Answer: 63:12 gfn, or all ones for none.
    public static final int PREFERRED_GPA_RESPONSE = 0x011;
    /// Request: 63:12 gfn of the GHCB.
    public static final int REGISTER_REQUEST = 0x012;
    /// Answer: 63:12 the same gfn, or all ones if refused.
    public static final int REGISTER_RESPONSE = 0x013;
    /// Request: 55:52 operation, 51:12 gfn of one 4K page.
    public static final int PSC_REQUEST = 0x014;
    /// Answer: 63:32 error, 31:12 zero.
    public static final int PSC_RESPONSE = 0x015;
    /// Request: 39:32 privilege level to run.
    public static final int RUN_VMPL_REQUEST = 0x016;
    /// Answer: 63:32 error.
    public static final int RUN_VMPL_RESPONSE = 0x017;
    /// Request: features of the hypervisor.
    public static final int FEATURES_REQUEST = 0x080;
    /// Answer: 63:12 feature bits.
    public static final int FEATURES_RESPONSE = 0x081;
    /// Request: 15:12 reason set, 23:16 reason.
    public static final int TERMINATE = 0x100;
    /// The gfn of an answer that refuses.
    public static final long NO_GFN = 0xf_ffff_ffff_ffffL;
    /// The error of a refused page state change.
    public static final long PSC_ERROR = 0x8000_0000L;

    private static final long INFO_MASK = 0xfff;
    private static final int DATA_SHIFT = 12;
    private static final int REGISTER_SHIFT = 30;
    private static final int UPPER_SHIFT = 32;

    private GhcbMsr() {
    }

    /// The kind: 0 for an address.
    public static int info(long value) {
        return (int) (value & INFO_MASK);
    }

    /// A value of a kind with bits 63:12.
    public static long of(int info, long data) {
        return data << DATA_SHIFT | info;
    }

    /// Bits 63:12.
    public static long data(long value) {
        return value >>> DATA_SHIFT;
    }

    /// Bits 63:32: value, function or error.
    public static long upper(long value) {
        return value >>> UPPER_SHIFT;
    }

    /// A value of a kind with bits 63:32.
    public static long ofUpper(int info, long upper) {
        return upper << UPPER_SHIFT | info;
    }

    /// The SEV information.
    public static long sevInfo(long max, long min, long cBit) {
        return max << 48 | (min & 0xffff) << UPPER_SHIFT | (cBit & 0xff) << 24 | SEV_INFO_RESPONSE;
    }

    /// The highest version of SEV information.
    public static long max(long value) {
        return value >>> 48;
    }

    /// The lowest version of SEV information.
    public static long min(long value) {
        return value >>> UPPER_SHIFT & 0xffff;
    }

    /// The position of the C-bit in SEV information.
    public static long cBit(long value) {
        return value >>> 24 & 0xff;
    }

    /// A CPUID request or answer.
    public static long cpuid(int info, long upper, long register) {
        return upper << UPPER_SHIFT | (register & 3) << REGISTER_SHIFT | info;
    }

    /// The register of a CPUID request or answer.
    public static int register(long value) {
        return (int) (value >>> REGISTER_SHIFT) & 3;
    }

    /// A request to change the state of a page.
    public static long psc(long gfn, long operation) {
        return (operation & 0xf) << 52 | (gfn & 0xff_ffff_ffffL) << DATA_SHIFT | PSC_REQUEST;
    }

    /// The gfn of a page state request.
    public static long pscGfn(long value) {
        return value >>> DATA_SHIFT & 0xff_ffff_ffffL;
    }

    /// The operation of a page state request.
    public static int pscOperation(long value) {
        return (int) (value >>> 52) & 0xf;
    }

    /// A request to run a privilege level.
    public static long runVmpl(long vmpl) {
        return (vmpl & 0xff) << UPPER_SHIFT | RUN_VMPL_REQUEST;
    }

    /// The privilege level of a request to run one.
    public static int vmpl(long value) {
        return (int) (value >>> UPPER_SHIFT) & 0xff;
    }

    /// A request to end.
    public static long terminate(long set, long reason) {
        return (reason & 0xff) << 16 | (set & 0xf) << DATA_SHIFT | TERMINATE;
    }

    /// The reason set of a request to end.
    public static int terminateSet(long value) {
        return (int) (value >>> DATA_SHIFT) & 0xf;
    }

    /// The reason of a request to end.
    public static int terminateReason(long value) {
        return (int) (value >>> 16) & 0xff;
    }
}
