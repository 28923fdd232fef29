package org.enclosure.snp.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.PscEntry;

/// The guest's side of page state changes by the GHCB page. The buffer is the host's to write: after each answer the guest looks at what
/// came back and ends if the host reports an error, touched the reserved half, let the end grow or the current entry go back (Linux,
/// `vmgexit_psc`). A host that makes no progress is asked a bounded number of times; Linux asks for ever.
final class PageStateClient {
    /// Entries of one buffer, as many as fit; Linux sends 64.
    static final int MAX_ENTRIES = PscEntry.MAX_ENTRIES;
    /// How often a host may answer without any progress.
    static final int MAX_IDLE = 100;

    private static final int GUEST_SET = 1;
    private static final int PSC_FAILED = 1;

    private final GhcbMsrClient msr;

    PageStateClient(GhcbMsrClient msr) {
        this.msr = msr;
    }

    /// Changes a range.
    ///
    /// @param ghcb a page that is shared, outside of the range
    void change(GuestCpu cpu, long ghcb, long gpa, long bytes, int operation) {
        msr.register(cpu, ghcb);
        long page = cpu.address(ghcb, false);
        long end = gpa + bytes;
        for (long at = gpa; at < end;) {
            int count = 0;
            for (; count < MAX_ENTRIES && at < end; count++) {
                boolean large = SnpGuestDriver.isLarge(at, end);
                cpu.storeLong(entry(page, count), PscEntry.of(0, at >>> Paging.PAGE_SHIFT, operation, large, 0));
                at += (large ? Paging.PAGES_PER_2M : 1) << Paging.PAGE_SHIFT;
            }
            send(cpu, page, ghcb, count - 1);
        }
    }

    private static long entry(long page, int index) {
        return page + Ghcb.SHARED_BUFFER + PscEntry.HEADER_BYTES + (long) index * Long.BYTES;
    }

    /// Asks until the current entry is behind the end that the host left, which is at most the guest's: a page that a host leaves out by
    /// moving the end back is not converted, and shows that when it is used.
    private void send(GuestCpu cpu, long page, long ghcb, int last) {
        int current = 0;
        int end = last;
        cpu.storeLong(page + Ghcb.SHARED_BUFFER, PscEntry.header(0, last, 0));
        for (int idle = 0; current <= end; idle++) {
            cpu.poll();
            prepare(cpu, page, ghcb);
            msr.exit(cpu);
            long header = checked(cpu, page, current, last);
            idle = PscEntry.current(header) == current ? idle : 0;
            if (idle == MAX_IDLE) {
                throw failed("the host made no progress in " + MAX_IDLE + " answers at entry " + current);
            }
            current = PscEntry.current(header);
            end = PscEntry.end(header);
        }
    }

    private static void prepare(GuestCpu cpu, long page, long ghcb) {
        set(cpu, page, Ghcb.VALID_BITMAP, 0);
        set(cpu, page, Ghcb.VALID_BITMAP + Long.BYTES, 0);
        cpu.store(page + Ghcb.USAGE, 4, 0);
        field(cpu, page, Ghcb.EXIT_CODE, Ghcb.EVENT_PSC);
        field(cpu, page, Ghcb.EXIT_INFO_1, 0);
        field(cpu, page, Ghcb.EXIT_INFO_2, 0);
        field(cpu, page, Ghcb.SCRATCH, ghcb + Ghcb.SHARED_BUFFER);
    }

    private static void field(GuestCpu cpu, long page, int offset, long value) {
        set(cpu, page, offset, value);
        long word = page + Ghcb.bitmapWord(offset);
        cpu.storeLong(word, cpu.loadLong(word) | Ghcb.bitmapBit(offset));
    }

    private static void set(GuestCpu cpu, long page, int offset, long value) {
        cpu.storeLong(page + offset, value);
    }

    /// The header that came back, if it is sound.
    private static long checked(GuestCpu cpu, long page, int current, int last) {
        long info1 = cpu.loadLong(page + Ghcb.EXIT_INFO_1);
        long info2 = cpu.loadLong(page + Ghcb.EXIT_INFO_2);
        long header = cpu.loadLong(page + Ghcb.SHARED_BUFFER);
        if ((info1 & 0xffff_ffffL) != 0 || info2 != 0) {
            throw failed("the host answered SW_EXITINFO1=0x" + Long.toHexString(info1) + " SW_EXITINFO2=0x"
                    + Long.toHexString(info2) + " at entry " + PscEntry.current(header));
        }
        boolean isSound = PscEntry.headerReserved(header) == 0 && PscEntry.end(header) <= last
                && PscEntry.current(header) >= current;
        if (!isSound) {
            throw failed("the host answered header 0x" + Long.toHexString(header) + " when entry " + current
                    + " of 0.." + last + " was next");
        }
        return header;
    }

    private static RuntimeException failed(String what) {
        return SnpGuestDriver.ended(GUEST_SET, PSC_FAILED, "page state change: " + what);
    }
}
