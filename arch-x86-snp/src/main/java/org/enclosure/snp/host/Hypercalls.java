package org.enclosure.snp.host;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.snp.wire.Abi;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;

/// KVM's hypercalls, of which there is one: MAP_GPA_RANGE, by which SEV and SEV-ES guests tell the state of their pages.
final class Hypercalls {
    /// What [#begin] answers when there is a request in the call.
    static final long REQUESTED = Long.MIN_VALUE;
    /// Result for a call that is not known, or that the VMM takes no exits for.
    static final long ENOSYS = -1000;

    /// Checks a call in KVM's order.
    ///
    /// @return its result, or [#REQUESTED]
    long begin(long number, long gpa, long pages, long attributes, long cpl, GuestCall call) {
        if (cpl != 0) {
            return -Errno.EPERM.number();
        }
        if (number != Abi.MAP_GPA_RANGE || !call.exitEnabled) {
            return ENOSYS;
        }
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        if (!Paging.isPageAligned(gpa) || pages <= 0 || gfn + pages > SnpTypes.FORMAT.gfnLimit()
                || gfn + pages <= gfn) {
            return -Errno.EINVAL.number();
        }
        call.gfn = gfn;
        call.npages = pages;
        PscRun.ask(call, (attributes & Abi.ATTRIBUTE_ENCRYPTED) != 0, false);
        call.args[2] = attributes;
        return REQUESTED;
    }

    /// The result of a call that was a request.
    long result(GuestCall call, long hostStatus) {
        return hostStatus >= 0 ? 0
                : Status.kind(hostStatus) == Status.RETRY ? -Errno.EAGAIN.number() : -Errno.EINVAL.number();
    }
}
