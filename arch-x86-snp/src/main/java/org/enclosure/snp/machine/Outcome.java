package org.enclosure.snp.machine;

import org.enclosure.snp.wire.FaultBits;

/// What a guest's instruction or access comes to, in one word.
///
/// ```
///  63    60 59                                     9   8   7        0
/// +--------+---------------------------------------+----+----------+
/// |  kind  |  EXITINFO1 or error code, from bit 0   | CF |   EAX    |
/// +--------+---------------------------------------+----+----------+
/// ```
public final class Outcome {
    /// Kind: it ran to its end, or the access is good; EAX and CF count.
    public static final int DONE = 0;
    /// Kind: the vCPU leaves with a nested page fault, EXITINFO1 in the payload.
    public static final int NPF = 1;
    /// Kind: exception #VC in the guest, the error code in the payload.
    public static final int VC = 2;
    /// Kind: exception #GP in the guest.
    public static final int GP = 3;
    /// Kind: exception #UD in the guest.
    public static final int UD = 4;
    /// A good outcome.
    public static final long OK = 0;
    /// The carry flag of a good outcome: nothing changed.
    public static final long CARRY = 1L << 8;

    private static final int KIND_SHIFT = 60;

    private Outcome() {
    }

    /// A nested page fault of a private access to its final address, with more bits.
    public static long privateFault(long more) {
        return of(NPF, FaultBits.RMP | FaultBits.ENC | more);
    }

    /// An outcome of a kind.
    public static long of(int kind, long payload) {
        return (long) kind << KIND_SHIFT | payload;
    }

    /// The kind.
    public static int kind(long outcome) {
        return (int) (outcome >>> KIND_SHIFT);
    }

    /// EXITINFO1 or the error code.
    public static long payload(long outcome) {
        return outcome & (1L << KIND_SHIFT) - 1;
    }

    /// The instruction's result code.
    public static int eax(long outcome) {
        return (int) outcome & 0xff;
    }

    /// Whether the carry flag is set.
    public static boolean carry(long outcome) {
        return (outcome & CARRY) != 0;
    }
}
