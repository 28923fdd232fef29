package org.enclosure.pkvm.host;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.Status;

/// Gives EL2 the pages that a guest's tables need, from the engine's frames.
final class MemcacheFiller {
    private final El2 el2;
    private final long handle;

    MemcacheFiller(El2 el2, long handle) {
        this.el2 = el2;
        this.handle = handle;
    }

    /// Fills up for a leaf of `level` at a gfn: OK; NEED_FRAMES, RETRY or DENIED, and then no frame is gone that EL2 does not keep
    /// for the VM's tables.
    long fill(long gfn, int level, FrameCache frames) {
        int missing = el2.inspection().tablesMissing(handle, gfn, level);
        if (missing > frames.size()) {
            return Status.needFrames(missing);
        }
        for (; missing > 0; missing--) {
            long pfn = frames.pop();
            long answer = el2.vmCalls().topUpMemcache(handle, pfn << Paging.PAGE_SHIFT);
            if (answer != HypErrno.OK) {
                frames.push(pfn);
                return answer == HypErrno.ERESTART ? Status.of(Status.RETRY)
                        : Status.of(Status.DENIED, 0, (int) -answer);
            }
        }
        return Status.OK;
    }
}
