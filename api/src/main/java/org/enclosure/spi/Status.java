package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Status words: the only answers of the calls on the fault path.
///
/// ```
///  63 62      56 55    48 47                    16 15             0
/// +--+----------+--------+------------------------+----------------+
/// | 0|                    flags (a good status)                    |
/// | 1|   kind   |    0   |        argument        |      code      |
/// +--+----------+--------+------------------------+----------------+
/// ```
///
/// A good status is `>= 0` and may carry flags. A negative one has a kind, which decides what the engine does, an argument,
/// whose meaning the kind defines, and a short code of the architecture, which is only reported.
@API(status = EXPERIMENTAL, since = "0.1")
public final class Status {
    /// Done.
    public static final long OK = 0;
    /// Flag: somebody else had done it already.
    public static final long SPURIOUS = 1;
    /// Flag: translations of `detail.gfn`, `detail.npages` are stale; the engine drops them everywhere before the guest goes on.
    public static final long STALE = 1 << 1;
    /// Flag: this vCPU drops all its translations.
    public static final long FLUSH_TLB = 1 << 2;
    /// Flag: done in part; `work.done` says how far; call again.
    public static final long MORE = 1 << 3;
    /// Flag: what was read is not the plaintext.
    public static final long JUNK = 1 << 4;
    /// Flag: the access poisoned the page in `detail.pfn`.
    public static final long POISONED = 1 << 5;
    /// Flag: the guest asks the host for something; the request is in the [GuestCall].
    public static final long REQUEST = 1 << 6;

    /// Nothing changed; the engine yields and calls again. A second RETRY in a row of `block`, `flush` or `remove` with all
    /// vCPUs kept out is a broken plugin.
    public static final int RETRY = 1;
    /// Table frames are missing; the argument says how many the cache must hold.
    public static final int NEED_FRAMES = 2;
    /// The shared page `call.needGfn` is needed in `call.windowPfn`.
    public static final int NEED_PAGE = 3;
    /// The engine's own leaf of `call.needGfn` is needed in `call.leaf`. If there is none, the engine resolves a fault for the
    /// access in `call.detail.access` and `call.detail.wantedLevel`, and the instruction is executed again.
    public static final int NEED_LEAF = 4;
    /// Map at the level in the argument instead.
    public static final int LEVEL = 5;
    /// Split the mapping of `detail.gfn` to the level in the argument first.
    public static final int SPLIT = 6;
    /// The vCPU leaves the guest, the engine resolves `detail.gfn`, `detail.access`, `detail.wantedLevel`, and the access or
    /// instruction is executed again.
    public static final int FAULT = 7;
    /// `detail.event` is delivered to the guest.
    public static final int TO_GUEST = 8;
    /// The engine cannot help: exit to the VMM.
    public static final int TO_VMM = 9;
    /// Refused, `detail.owner` says for whom; nothing changed.
    public static final int DENIED = 10;
    /// The frame `detail.pfn` must never return to the allocator.
    public static final int QUARANTINE = 11;
    /// The VM is dead: all vCPUs stop with SHUTDOWN.
    public static final int VM_DEAD = 12;

    private static final String[] KINDS = {"OK", "RETRY", "NEED_FRAMES", "NEED_PAGE", "NEED_LEAF", "LEVEL", "SPLIT",
            "FAULT", "TO_GUEST", "TO_VMM", "DENIED", "QUARANTINE", "VM_DEAD"};
    private static final int KIND_SHIFT = 56;
    private static final int ARGUMENT_SHIFT = 16;
    private static final long ARGUMENT_MASK = 0xffff_ffffL;
    private static final long CODE_MASK = 0xffff;

    private Status() {
    }

    /// A negative status.
    ///
    /// @param kind one of the constants [#RETRY] to [#VM_DEAD]
    /// @param argument 32 bits, by kind
    /// @param code 16 bits of the architecture's own
    public static long of(int kind, int argument, int code) {
        return Long.MIN_VALUE | (long) kind << KIND_SHIFT | (argument & ARGUMENT_MASK) << ARGUMENT_SHIFT
                | code & CODE_MASK;
    }

    /// A negative status without argument and code.
    public static long of(int kind) {
        return of(kind, 0, 0);
    }

    /// Asks for at least `frames` table frames in the cache.
    public static long needFrames(int frames) {
        return of(NEED_FRAMES, frames, 0);
    }

    /// The kind of a status: 0 if it is good.
    public static int kind(long status) {
        return status >= 0 ? 0 : (int) (status >>> KIND_SHIFT) & 0x7f;
    }

    /// The argument of a negative status.
    public static int argument(long status) {
        return (int) (status >>> ARGUMENT_SHIFT & ARGUMENT_MASK);
    }

    /// The architecture's short code of a negative status.
    public static int code(long status) {
        return (int) (status & CODE_MASK);
    }

    /// Whether a status is good and has the flag.
    public static boolean has(long status, long flag) {
        return status >= 0 && (status & flag) != 0;
    }

    /// The name of a kind, for messages.
    public static String kindName(int kind) {
        return kind >= 0 && kind < KINDS.length ? KINDS[kind] : "kind " + kind;
    }

    /// A status in words, for messages and reports.
    public static String describe(long status) {
        if (status >= 0) {
            return status == 0 ? "OK" : "OK with flags 0x" + Long.toHexString(status);
        }
        return kindName(kind(status)) + "(" + argument(status) + ", code " + code(status) + ")";
    }
}
