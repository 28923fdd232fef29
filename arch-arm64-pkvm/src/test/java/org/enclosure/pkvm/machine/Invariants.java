package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;

/// What is true of EL2's tables whatever was called: nobody has a page that another one has alone.
final class Invariants {
    private final Inspection inspection;
    private final long[] vms;
    private final long firstGfn;
    private final int gfns;

    /// Looks at `gfns` pages of these VMs.
    Invariants(BareEl2 machine, long[] vms, long firstGfn, int gfns) {
        inspection = machine.el2.inspection();
        this.vms = vms;
        this.firstGfn = firstGfn;
        this.gfns = gfns;
    }

    /// Checks a run of frames.
    void check(long pa, int pages, String when) {
        Map<Long, int[]> uses = uses();
        for (long pfn = pa >>> Paging.PAGE_SHIFT; pfn < (pa >>> Paging.PAGE_SHIFT) + pages; pfn++) {
            checkPage(pfn, uses.getOrDefault(pfn, new int[PageState.NAMES.size()]), when + ", pfn 0x"
                    + Long.toHexString(pfn) + " " + Long.toHexString(inspection.page(pfn)));
        }
    }

    /// How many guest leaves of each state a frame has.
    private Map<Long, int[]> uses() {
        Map<Long, int[]> uses = new HashMap<>();
        for (long vm : vms) {
            for (long gfn = firstGfn; gfn < firstGfn + gfns && inspection.exists(vm); gfn++) {
                long pfn = inspection.guestPfn(vm, gfn);
                if (pfn >= 0) {
                    uses.computeIfAbsent(pfn, key -> new int[PageState.NAMES.size()])[inspection.guestState(vm, gfn)]++;
                }
            }
        }
        return uses;
    }

    private void checkPage(long pfn, int[] uses, String page) {
        long word = inspection.page(pfn);
        int host = HypPage.host(word);
        int hyp = HypPage.hyp(word);
        int owner = inspection.owner(pfn);
        int owned = uses[PageState.OWNED];
        int shared = uses[PageState.SHARED_OWNED];
        assertEquals(HypPage.shares(word), uses[PageState.SHARED_BORROWED], "share count of " + page);
        assertEquals(host == PageState.NOPAGE, owner != Owner.HOST, "annotation of " + page);
        assertTrue(owned + shared <= 1, "guests of " + page);
        assertEquals(owner == Owner.GUEST ? 1 : 0, owned, "guest's own: " + page);
        assertEquals(host == PageState.SHARED_BORROWED ? 1 : 0, shared, "shared by a guest: " + page);
        assertEquals(owner == Owner.HYP, hyp == PageState.OWNED, "hypervisor's own: " + page);
        assertTrue(HypPage.pins(word) == 0 || hyp == PageState.SHARED_BORROWED, "pins of " + page);
        assertTrue(hyp != PageState.SHARED_BORROWED || host == PageState.SHARED_OWNED, "shared with EL2: " + page);
        assertTrue(HypPage.shares(word) == 0 || host == PageState.SHARED_OWNED, "shared with guests: " + page);
    }
}
