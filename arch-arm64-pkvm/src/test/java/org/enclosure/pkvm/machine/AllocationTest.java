package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.api.Paging;
import org.enclosure.tck.probe.AllocationProbe;
import org.junit.jupiter.api.Test;

/// EL2's calls on the hot path allocate nothing.
class AllocationTest {
    private static final int WINDOWS = 40;
    private static final int CALLS = 500;
    private static final int PAGES = 64;
    private static final long PA = BareEl2.FREE;
    private static final long GFN = 0x5_0000;

    @Test
    void shouldAllocateNothingToDonateShareUnshareJudgeAndDecode() {
        BareEl2 machine = new BareEl2(Profile.UNION);
        long vm = machine.vm(true, 4);
        Hypercall call = new Hypercall();
        long[] page = new long[1];
        assertEquals(0, AllocationProbe.least(WINDOWS, CALLS, () -> use(machine.el2, vm, page[0]++ % PAGES, call)));
    }

    private static void use(El2 el2, long vm, long page, Hypercall call) {
        long pa = PA + (page << Paging.PAGE_SHIFT);
        el2.protectedGuestCalls().donate(vm, pa, GFN + page);
        el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
        el2.hypercalls().decode(vm, 0xc600_0003L, GFN + page << Paging.PAGE_SHIFT, 0, 0, call);
        el2.hypercalls().perform(vm, call);
        el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
        el2.guestCalls().unshareHost(vm, GFN + page);
        el2.guestStage2().pageEntry(el2.guestStage2().pageTable(el2.inspection().root(vm), GFN + page), GFN + page);
        el2.guestCalls().relinquish(vm, GFN + page);
    }
}
