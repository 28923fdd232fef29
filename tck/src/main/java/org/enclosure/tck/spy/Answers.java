package org.enclosure.tck.spy;

import org.enclosure.spi.Status;

/// Which answers each call may give: the kinds of [Status] that its documentation names, and the flags of a good status.
final class Answers {
    static final Legal MAP = Legal.of(Status.SPURIOUS, Status.RETRY, Status.NEED_FRAMES, Status.LEVEL, Status.SPLIT,
            Status.DENIED, Status.QUARANTINE, Status.VM_DEAD);
    static final Legal BLOCK = Legal.of(Status.SPURIOUS, Status.RETRY, Status.DENIED);
    static final Legal FLUSH = Legal.of(Status.SPURIOUS, Status.RETRY);
    static final Legal CONVERT = Legal.of(Status.SPURIOUS | Status.MORE, Status.RETRY, Status.NEED_FRAMES);
    static final Legal REMOVE = Legal.of(Status.SPURIOUS | Status.MORE, Status.RETRY, Status.QUARANTINE);
    static final Legal RESIZE = Legal.of(Status.SPURIOUS, Status.RETRY, Status.NEED_FRAMES, Status.DENIED);
    static final Legal TEARDOWN = Legal.of(Status.MORE, Status.RETRY);
    static final Legal PAGE = Legal.of(0, Status.RETRY, Status.NEED_FRAMES, Status.DENIED);
    static final Legal ENTER = Legal.of(Status.FLUSH_TLB, Status.DENIED, Status.VM_DEAD);
    static final Legal ADMIT = Legal.of(-1L >>> 1, Status.FAULT, Status.SPLIT, Status.TO_GUEST, Status.TO_VMM,
            Status.VM_DEAD, Status.RETRY);
    static final Legal TRAP = Legal.of(Status.STALE | Status.FLUSH_TLB | Status.REQUEST, Status.NEED_LEAF,
            Status.NEED_PAGE, Status.FAULT, Status.SPLIT, Status.TO_GUEST, Status.TO_VMM, Status.VM_DEAD, Status.RETRY);
    static final Legal ANSWER = Legal.of(Status.STALE | Status.FLUSH_TLB | Status.REQUEST, Status.NEED_PAGE,
            Status.RETRY, Status.TO_GUEST, Status.TO_VMM, Status.VM_DEAD);
    static final Legal HOST_ACCESS = Legal.of(Status.JUNK | Status.POISONED | Status.STALE, Status.DENIED);

    /// @param flags of a good status
    /// @param kinds of a negative one, a bit each
    record Legal(long flags, long kinds) {
        static Legal of(long flags, int... kinds) {
            long bits = 0;
            for (int kind : kinds) {
                bits |= 1L << kind;
            }
            return new Legal(flags, bits);
        }

        boolean allows(long status) {
            return status >= 0 ? (status & ~flags) == 0 : (kinds >>> Status.kind(status) & 1) != 0;
        }
    }

    private Answers() {
    }

    static void check(Violations violations, String call, long status, Legal legal) {
        if (!legal.allows(status)) {
            violations.add("STATUS-1", call + " answered " + Status.describe(status) + ", which it must not");
        }
    }
}
