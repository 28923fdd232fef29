package org.enclosure.pkvm.host;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.Inspection;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The end of a VM, in short steps: start, take every page back, take every table back, end. Used by one thread.
final class Teardown {
    private static final int PAGES_PER_STEP = 512;

    private final El2 el2;
    private final long handle;
    private final boolean isProtected;
    private long nextGfn;
    private boolean pagesLeft = true;
    private boolean done;

    Teardown(El2 el2, long handle, boolean isProtected) {
        this.el2 = el2;
        this.handle = handle;
        this.isProtected = isProtected;
    }

    boolean isDone() {
        return done;
    }

    /// OK at the end; MORE as long as there is something left to do; RETRY.
    long step(TableWork work) {
        if (done) {
            return Status.OK;
        }
        boolean started = el2.inspection().isDying(handle) || el2.vmCalls().startTeardown(handle) == HypErrno.OK;
        return !started ? Status.of(Status.RETRY) : pagesLeft ? takePages() : takeTables(work);
    }

    private long takePages() {
        Inspection inspection = el2.inspection();
        for (int page = 0; page < PAGES_PER_STEP; page++) {
            long gfn = inspection.nextLeaf(handle, nextGfn);
            if (gfn < -1) {
                nextGfn = -2 - gfn;
                return Status.MORE;
            }
            if (gfn == -1) {
                pagesLeft = false;
                return Status.MORE;
            }
            long pages = Paging.pages(inspection.guestLevel(handle, gfn));
            long answer = isProtected ? el2.protectedGuestCalls().reclaim(handle, gfn, -1)
                    : el2.sharedGuestCalls().unshare(handle, gfn, pages);
            if (answer == HypErrno.ERESTART) {
                return Status.of(Status.RETRY);
            }
            nextGfn = gfn + pages; // a page that EL2 does not give back is lost, as with the reference
        }
        return Status.MORE;
    }

    private long takeTables(TableWork work) {
        while (work.frames.size() < work.frames.capacity()) {
            long pa = el2.vmCalls().reclaimTable(handle);
            if (pa == HypErrno.ERESTART) {
                return Status.of(Status.RETRY);
            }
            if (pa <= 0) {
                return end();
            }
            work.frames.push(pa >>> Paging.PAGE_SHIFT);
        }
        return Status.MORE;
    }

    private long end() {
        long answer = el2.vmCalls().finalizeTeardown(handle);
        done = answer == HypErrno.OK;
        return answer == HypErrno.ERESTART ? Status.of(Status.RETRY) : Status.OK;
    }
}
