package org.enclosure.snp.wire;

/// The GHCB page: where its fields lie, its bitmap of valid fields, its events and answers (GHCB specification, GHCB layout and
/// SVM exit codes).
///
/// ```
/// 0x000 .. 0x3ef  saved fields, 8 bytes each; bit offset/8 of the bitmap says whether one is valid
/// 0x3f0 .. 0x3ff  bitmap
/// 0x800 .. 0xfef  shared buffer
/// 0xffa           protocol version (2 bytes)
/// 0xffc           usage (4 bytes), 0 for this layout
/// ```
public final class Ghcb {
    /// Offset of the field RAX.
    public static final int RAX = 0x1f8;
    /// Offset of the field RCX.
    public static final int RCX = 0x308;
    /// Offset of the field RDX.
    public static final int RDX = 0x310;
    /// Offset of the field RBX.
    public static final int RBX = 0x318;
    /// Offset of the event.
    public static final int EXIT_CODE = 0x390;
    /// Offset of SW_EXITINFO1.
    public static final int EXIT_INFO_1 = 0x398;
    /// Offset of SW_EXITINFO2.
    public static final int EXIT_INFO_2 = 0x3a0;
    /// Offset of SW_SCRATCH.
    public static final int SCRATCH = 0x3a8;
    /// Offset of the bitmap of valid fields.
    public static final int VALID_BITMAP = 0x3f0;
    /// Offset of the shared buffer.
    public static final int SHARED_BUFFER = 0x800;
    /// First offset behind the shared buffer.
    public static final int SHARED_BUFFER_END = 0xff0;
    /// Offset of the protocol version, 2 bytes.
    public static final int VERSION = 0xffa;
    /// Offset of the usage, 4 bytes.
    public static final int USAGE = 0xffc;

    /// Event: VMMCALL.
    public static final long EVENT_VMMCALL = 0x81;
    /// Event: page state change.
    public static final long EVENT_PSC = 0x8000_0010L;
    /// Event: guest request.
    public static final long EVENT_GUEST_REQUEST = 0x8000_0011L;
    /// Event: guest request with certificates.
    public static final long EVENT_EXTENDED_GUEST_REQUEST = 0x8000_0012L;
    /// Event: creation of a vCPU.
    public static final long EVENT_AP_CREATION = 0x8000_0013L;
    /// Event: features of the hypervisor.
    public static final long EVENT_HV_FEATURES = 0x8000_fffdL;
    /// Event: the guest ends itself.
    public static final long EVENT_TERMINATE = 0x8000_fffeL;

    /// SW_EXITINFO1 of an answer: nothing to do.
    public static final long NO_ACTION = 0;
    /// SW_EXITINFO1 of an answer: the input was malformed, SW_EXITINFO2 says how.
    public static final long MALFORMED = 2;
    /// Reason: the GHCB is not registered.
    public static final long NOT_REGISTERED = 1;
    /// Reason: the usage is not known.
    public static final long INVALID_USAGE = 2;
    /// Reason: the scratch area lies where it must not.
    public static final long INVALID_SCRATCH = 3;
    /// Reason: a field that is needed is not valid.
    public static final long MISSING_INPUT = 4;
    /// Reason: a field has an illegal value.
    public static final long INVALID_INPUT = 5;
    /// Reason: the event is not known.
    public static final long INVALID_EVENT = 6;

    /// Features of the hypervisor: SNP and creation of vCPUs.
    public static final long FEATURES = 3;

    private static final int WORDS_OF_BITMAP = 64;

    private Ghcb() {
    }

    /// Whether a field is marked in the two words of the bitmap.
    public static boolean isValid(long low, long high, int offset) {
        int bit = offset >>> 3;
        return ((bit < WORDS_OF_BITMAP ? low : high) >>> (bit & WORDS_OF_BITMAP - 1) & 1) != 0;
    }

    /// The offset of the bitmap word of a field.
    public static int bitmapWord(int offset) {
        return VALID_BITMAP + (offset >>> 3 >= WORDS_OF_BITMAP ? Long.BYTES : 0);
    }

    /// The bit of a field in its bitmap word.
    public static long bitmapBit(int offset) {
        return 1L << (offset >>> 3 & WORDS_OF_BITMAP - 1);
    }
}
