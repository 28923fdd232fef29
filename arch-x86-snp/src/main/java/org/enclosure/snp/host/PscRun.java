package org.enclosure.snp.host;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.VmExit;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;

/// One page state change, as KVM processes it: runs of entries with the same operation and size and consecutive pages become one
/// request each; what is done is written into the buffer as it goes.
///
/// The header is read once, at the start, so that a guest that rewrites it cannot make the host go round for ever; each entry is read
/// once when its turn comes. Two habits of KVM's are not copied: consecutive pages are looked for behind the last page that is asked
/// for, and an entry that was half done before is never joined with others.
///
/// ```
/// call.scratch   SCRATCH offset of the buffer   NEXT entry   LAST entry   RUN entries in the request
/// ```
final class PscRun {
    /// What [#next] answers when there is a request in the call.
    static final long REQUESTED = -1;

    private static final int SCRATCH = 2;
    private static final int NEXT = 3;
    private static final int LAST = 4;
    private static final int RUN = 5;

    private final PhysicalMemory memory;

    PscRun(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// Starts with the buffer at an offset of the GHCB page.
    ///
    /// @return what to say in SW_EXITINFO2, or [#REQUESTED]
    long begin(long page, long offset, GuestCall call) {
        if (!call.exitEnabled) {
            return PscEntry.GENERIC_ERROR;
        }
        long header = memory.getLong(page + offset);
        if (PscEntry.end(header) >= PscEntry.capacity(offset)) {
            return PscEntry.INVALID_HEADER;
        }
        call.scratch[SCRATCH] = offset;
        call.scratch[NEXT] = PscEntry.current(header);
        call.scratch[LAST] = PscEntry.end(header);
        return next(page, call);
    }

    /// Goes on after an answer of the host.
    long answered(long page, long hostStatus, GuestCall call) {
        if (hostStatus < 0) {
            return PscEntry.GENERIC_ERROR;
        }
        finishRun(page, call);
        return next(page, call);
    }

    /// Finds the next run that needs the host; completes what needs nobody on the way.
    private long next(long page, GuestCall call) {
        while (call.scratch[NEXT] <= call.scratch[LAST]) {
            long entry = entry(page, call.scratch[NEXT], call);
            int pages = PscEntry.pages(entry);
            long done = PscEntry.curPage(entry);
            if (done > pages || (PscEntry.gfn(entry) & pages - 1) != 0) {
                return PscEntry.INVALID_ENTRY;
            }
            if (done == pages) {
                advance(page, call.scratch[NEXT] + 1, call);
                continue;
            }
            gather(page, entry, pages - done, call);
            int operation = PscEntry.operation(entry);
            if (operation == PscEntry.PRIVATE || operation == PscEntry.SHARED) {
                request(entry, call);
                return REQUESTED;
            }
            finishRun(page, call);
        }
        return PscEntry.DONE;
    }

    /// Joins the entries behind one that was not begun.
    private void gather(long page, long first, long pages, GuestCall call) {
        call.scratch[RUN] = 1;
        call.gfn = PscEntry.gfn(first) + PscEntry.curPage(first);
        call.npages = pages;
        if (PscEntry.curPage(first) != 0) {
            return;
        }
        for (long at = call.scratch[NEXT] + 1; at <= call.scratch[LAST]; at++) {
            long entry = entry(page, at, call);
            boolean joins = PscEntry.operation(entry) == PscEntry.operation(first)
                    && PscEntry.isLarge(entry) == PscEntry.isLarge(first) && PscEntry.curPage(entry) == 0
                    && PscEntry.gfn(entry) == call.gfn + call.npages;
            if (!joins) {
                return;
            }
            call.scratch[RUN]++;
            call.npages += PscEntry.pages(entry);
        }
    }

    private static void request(long first, GuestCall call) {
        boolean toPrivate = PscEntry.operation(first) == PscEntry.PRIVATE;
        ask(call, toPrivate, PscEntry.isLarge(first));
    }

    /// Makes the range in the call a request to the VMM.
    static void ask(GuestCall call, boolean toPrivate, boolean large) {
        call.request = GuestCall.CONVERT;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.toPrivate = toPrivate;
        call.number = VmExit.MAP_GPA_RANGE;
        call.args[0] = call.gfn << Paging.PAGE_SHIFT;
        call.args[1] = call.npages;
        call.args[2] = (toPrivate ? Abi.ATTRIBUTE_ENCRYPTED : 0) | (large ? Abi.ATTRIBUTE_2M : 0);
    }

    private void finishRun(long page, GuestCall call) {
        long first = call.scratch[NEXT];
        for (long at = first; at < first + call.scratch[RUN]; at++) {
            memory.putLong(entryAddress(page, at, call), PscEntry.done(entry(page, at, call)));
        }
        advance(page, first + call.scratch[RUN], call);
    }

    private void advance(long page, long next, GuestCall call) {
        call.scratch[NEXT] = next;
        long header = page + call.scratch[SCRATCH];
        memory.putByte(header, (byte) next);
        memory.putByte(header + 1, (byte) (next >>> 8));
    }

    private long entry(long page, long index, GuestCall call) {
        return memory.getLong(entryAddress(page, index, call));
    }

    private static long entryAddress(long page, long index, GuestCall call) {
        return page + call.scratch[SCRATCH] + PscEntry.HEADER_BYTES + index * Long.BYTES;
    }
}
