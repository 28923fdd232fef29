package org.enclosure.snp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a page state change asks of the host, what it writes into the buffer, and what it answers.
public class PscRunTest {
    private static final long GHCB = 0x12_3000;
    private static final long WINDOW = 0x80;
    private static final long PAGE = WINDOW << 12;
    private static final long BUFFER = PAGE + Ghcb.SHARED_BUFFER;
    private static final long GFN = 0x4_0000;
    private static final long REFUSED = Status.of(Status.DENIED);

    private final BareGuest guest = new BareGuest();
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();

    @BeforeEach
    void register() {
        guest.msr(registers, call, GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, GHCB >>> 12));
        guest.execute(Abi.VMGEXIT, registers, call, WINDOW);
        guest.msr(registers, call, GHCB);
        call.exitEnabled = true;
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private void entry(int index, long curPage, long gfn, int operation, boolean large) {
        guest.memory().putLong(BUFFER + 8 + index * 8L, PscEntry.of(curPage, gfn, operation, large, 0));
    }

    /// Sends the buffer; afterwards a request is in the call, or the answer in the page.
    private boolean send(int current, int end) {
        guest.memory().putLong(BUFFER, PscEntry.header(current, end, 0));
        guest.memory().putLong(PAGE + Ghcb.EXIT_CODE, Ghcb.EVENT_PSC);
        guest.memory().putLong(PAGE + Ghcb.SCRATCH, GHCB + Ghcb.SHARED_BUFFER);
        guest.memory().putLong(PAGE + Ghcb.VALID_BITMAP, -1);
        guest.memory().putLong(PAGE + Ghcb.VALID_BITMAP + 8, -1);
        return Status.has(guest.execute(Abi.VMGEXIT, registers, call, WINDOW), Status.REQUEST);
    }

    private boolean answer(long status) {
        return Status.has(guest.answer(registers, call, status, WINDOW), Status.REQUEST);
    }

    private void assertAsked(long gfn, long npages, boolean toPrivate) {
        assertEquals(gfn, call.gfn, "gfn");
        assertEquals(npages, call.npages, "pages");
        assertEquals(toPrivate, call.toPrivate, "direction");
    }

    private void assertAnswered(long info2, int current) {
        assertEquals(0, guest.memory().getLong(PAGE + Ghcb.EXIT_INFO_1), "SW_EXITINFO1");
        assertEquals(info2, guest.memory().getLong(PAGE + Ghcb.EXIT_INFO_2), "SW_EXITINFO2");
        assertEquals(current, PscEntry.current(guest.memory().getLong(BUFFER)), "cur_entry");
    }

    private long curPage(int index) {
        return PscEntry.curPage(guest.memory().getLong(BUFFER + 8 + index * 8L));
    }

    @Test
    void shouldJoinConsecutivePagesOfOneSizeAndShowProgress() {
        entry(0, 0, GFN, PscEntry.PRIVATE, false);
        entry(1, 0, GFN + 1, PscEntry.PRIVATE, false);
        entry(2, 0, GFN + 512, PscEntry.PRIVATE, true);
        entry(3, 0, GFN + 1024, PscEntry.SHARED, true);
        assertEquals(true, send(0, 3));
        assertAsked(GFN, 2, true);
        assertEquals(true, answer(Status.OK));
        assertEquals(2, PscEntry.current(guest.memory().getLong(BUFFER)), "progress is visible");
        assertAsked(GFN + 512, 512, true);
        assertEquals(true, answer(Status.OK));
        assertAsked(GFN + 1024, 512, false);
        assertEquals(false, answer(Status.OK));
        assertAnswered(0, 4);
        assertEquals(1, curPage(1));
        assertEquals(512, curPage(3));
    }

    @Test
    void shouldStopAtTheRunThatTheHostRefuses() {
        entry(0, 0, GFN, PscEntry.SHARED, false);
        entry(1, 0, GFN + 5, PscEntry.SHARED, false);
        send(0, 1);
        assertEquals(true, answer(Status.OK));
        assertEquals(false, answer(REFUSED));
        assertAnswered(0x100L << 32, 1);
        assertEquals(0, curPage(1));
    }

    @Test
    void shouldRefuseAHeaderThatEndsBehindTheBuffer() {
        assertEquals(false, send(0, 253));
        assertAnswered(1L << 32 | 1, 0);
        entry(0, 1, GFN, PscEntry.SHARED, false);
        assertEquals(false, send(0, 252), "252 is the last legal one");
        assertAnswered(0, 253);
    }

    @Test
    void shouldRefuseAnEntryOfAnotherPageSizeThanItsAddress() {
        entry(0, 0, GFN + 1, PscEntry.SHARED, true);
        assertEquals(false, send(0, 0));
        assertAnswered(1L << 32 | 2, 0);
        entry(0, 2, GFN, PscEntry.SHARED, false);
        assertEquals(false, send(0, 0), "more pages done than there are");
        assertAnswered(1L << 32 | 2, 0);
    }

    @Test
    void shouldGoOnWhereALargePageWasHalfDone() {
        entry(0, 500, GFN, PscEntry.PRIVATE, true);
        entry(1, 0, GFN + 512, PscEntry.PRIVATE, true);
        send(0, 1);
        assertAsked(GFN + 500, 12, true);
        assertEquals(true, answer(Status.OK));
        assertAsked(GFN + 512, 512, true);
    }

    @Test
    void shouldDoNothingWhereTheCurrentEntryIsBehindTheEnd() {
        assertEquals(false, send(9, 3));
        assertAnswered(0, 9);
    }
}
