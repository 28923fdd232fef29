package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.PageState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A host that goes on calling for a VM while another of its threads ends it: the call comes before the end, or finds no VM.
@Timeout(120)
class LifeRaceTest {
    private static final int LIVES = 1_000;
    private static final int PAGES = 4;
    private static final int TABLES = 3;
    private static final long GFN = 0x77_0000;
    private static final long PA = BareEl2.FREE;
    private static final long END_OF_RUN = -1;

    @Test
    void shouldGiveEveryPageBackWhateverIsCalledMeanwhile() {
        BareEl2 machine = BareEl2.small(Profile.UNION);
        AtomicLong vm = new AtomicLong();
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            pool.execute(() -> donate(machine, vm));
            try {
                for (int life = 0; life < LIVES; life++) {
                    long handle = create(machine);
                    vm.set(handle);
                    end(machine, handle);
                    for (int page = 0; page < PAGES; page++) {
                        long word = machine.el2.inspection().page((PA >>> Paging.PAGE_SHIFT) + page);
                        assertEquals(PageState.OWNED, HypPage.host(word), "page " + page + " after life " + life);
                    }
                }
            } finally {
                vm.set(END_OF_RUN);
            }
        }
    }

    private static void donate(BareEl2 machine, AtomicLong vm) {
        for (long call = 0; vm.get() != END_OF_RUN; call++) {
            long page = call % PAGES;
            machine.call("HYP.HOST_DONATE_GUEST", vm.get(), PA + page * Paging.PAGE_SIZE, GFN + page);
        }
    }

    private static long create(BareEl2 machine) {
        long handle = machine.invoke("HYP.INIT_VM", HypErrno.OK, 0, 1).out(0);
        for (int table = 1; table <= TABLES; table++) {
            machine.invoke("HYP.TOPUP_MEMCACHE", HypErrno.OK, handle, table * Paging.PAGE_SIZE);
        }
        return handle;
    }

    /// Ends a VM that has been given a page.
    private static void end(BareEl2 machine, long handle) {
        while (machine.el2.inspection().guestState(handle, GFN) == PageState.NOPAGE) {
            Thread.onSpinWait();
        }
        machine.invoke("HYP.START_TEARDOWN", HypErrno.OK, handle);
        for (int page = 0; page < PAGES; page++) {
            long answer = machine.call("HYP.RECLAIM_GUEST_PAGE", handle, GFN + page, PA + page * Paging.PAGE_SIZE);
            assertTrue(answer == HypErrno.OK || answer == HypErrno.ENOENT, () -> HypErrno.name(answer));
        }
        long table = 1;
        while (table != 0) {
            table = machine.invoke("HYP.RECLAIM_TABLE", HypErrno.OK, handle).out(0);
        }
        machine.invoke("HYP.FINALIZE_TEARDOWN", HypErrno.OK, handle);
    }
}
