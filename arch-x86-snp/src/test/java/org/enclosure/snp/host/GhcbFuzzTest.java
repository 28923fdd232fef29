package org.enclosure.snp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.Test;

/// GHCB pages and MSR values of a hostile guest: no exception, no endless request, and every answer of the page one that is written down.
class GhcbFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final int MOST_REQUESTS = PscEntry.MAX_ENTRIES + 1;
    private static final long GHCB = 0x12_3000;
    private static final long WINDOW = 0x80;

    private final long seed = Long.getLong("enclosure.seed", System.nanoTime());

    @Test
    void shouldAnswerWhateverAGuestPutsIntoItsGhcb() {
        System.out.println("seed " + seed + "; again with -Denclosure.seed=" + seed);
        Random random = new Random(seed);
        try (BareGuest guest = new BareGuest()) {
            GuestCall call = new GuestCall();
            RegisterFile registers = new RegisterFile();
            guest.msr(registers, call, GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, GHCB >>> 12));
            guest.execute(Abi.VMGEXIT, registers, call, WINDOW);
            for (int round = 0; round < ROUNDS; round++) {
                fill(guest, random);
                guest.msr(registers, call, GHCB);
                call.exitEnabled = random.nextInt(8) != 0;
                int requests = serve(guest, registers, call, random);
                assertTrue(requests <= MOST_REQUESTS, requests + " requests in round " + round);
            }
        }
    }

    @Test
    void shouldAnswerWhateverAGuestPutsIntoTheMsr() {
        System.out.println("seed " + seed + "; again with -Denclosure.seed=" + seed);
        Random random = new Random(seed);
        try (BareGuest guest = new BareGuest()) {
            GuestCall call = new GuestCall();
            RegisterFile registers = new RegisterFile();
            for (int round = 0; round < ROUNDS; round++) {
                guest.msr(registers, call, random.nextLong() & ~0xfffL | random.nextInt(0x120));
                serve(guest, registers, call, random);
            }
        }
    }

    /// A page that is mostly legal, so that the fuzz gets past the first check.
    private static void fill(BareGuest guest, Random random) {
        long page = WINDOW << 12;
        for (int at = 0; at < 0x1000; at += Long.BYTES) {
            guest.memory().putLong(page + at, random.nextInt(4) == 0 ? random.nextLong() : 0);
        }
        long[] events = {Ghcb.EVENT_PSC, Ghcb.EVENT_PSC, Ghcb.EVENT_PSC, Ghcb.EVENT_VMMCALL, Ghcb.EVENT_GUEST_REQUEST,
                Ghcb.EVENT_EXTENDED_GUEST_REQUEST, Ghcb.EVENT_AP_CREATION, Ghcb.EVENT_HV_FEATURES, random.nextLong()};
        guest.memory().putLong(page + Ghcb.EXIT_CODE, events[random.nextInt(events.length)]);
        long offset = random.nextInt(4) == 0 ? random.nextInt(0x1000) : Ghcb.SHARED_BUFFER + random.nextInt(0x40);
        guest.memory().putLong(page + Ghcb.SCRATCH, GHCB + offset);
        guest.memory().putLong(page + offset % 0xff0, PscEntry.header(random.nextInt(4), random.nextInt(300), 0));
        guest.memory().putLong(page + Ghcb.VALID_BITMAP, random.nextInt(8) == 0 ? random.nextLong() : -1);
        guest.memory().putLong(page + Ghcb.VALID_BITMAP + Long.BYTES, random.nextInt(8) == 0 ? random.nextLong() : -1);
        guest.memory().putLong(page + Ghcb.USAGE - 4, random.nextInt(8) == 0 ? random.nextLong() : 0);
    }

    private static int serve(BareGuest guest, RegisterFile registers, GuestCall call, Random random) {
        long status = guest.execute(Abi.VMGEXIT, registers, call, WINDOW);
        int requests = 0;
        while (Status.has(status, Status.REQUEST) && call.request != GuestCall.SHUTDOWN) {
            requests++;
            assertTrue(requests <= MOST_REQUESTS, "requests without an end");
            status = guest.answer(registers, call, random.nextInt(4) == 0 ? Status.of(Status.DENIED) : Status.OK,
                    WINDOW);
        }
        int kind = Status.kind(status);
        boolean isAnswer = status >= 0 || kind == Status.TO_GUEST || kind == Status.NEED_LEAF
                || kind == Status.NEED_PAGE;
        assertTrue(isAnswer, () -> Status.describe(Status.of(kind)));
        return requests;
    }

    @Test
    void shouldIgnoreAnExitWithoutAnAddress() {
        try (BareGuest guest = new BareGuest()) {
            GuestCall call = new GuestCall();
            RegisterFile registers = new RegisterFile();
            guest.msr(registers, call, 0);
            assertEquals(Status.OK, guest.execute(Abi.VMGEXIT, registers, call, WINDOW));
            guest.msr(registers, call, 1L << 51);
            assertEquals(Status.OK, guest.execute(Abi.VMGEXIT, registers, call, WINDOW));
        }
    }
}
