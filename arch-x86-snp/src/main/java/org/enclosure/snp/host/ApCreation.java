package org.enclosure.snp.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.snp.machine.RmpTable;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;

/// The event AP_CREATION: a guest gives one of its vCPUs a page with its state, or takes it back. The page must be aligned, not the
/// first of a 2M region, this guest's, validated and marked as a VMSA.
final class ApCreation {
    private static final int ON_INIT = 0;
    private static final int NOW = 1;
    private static final int DESTROY = 2;
    private static final long REGION_MASK = (Paging.PAGES_PER_2M << Paging.PAGE_SHIFT) - 1;

    private final SnpVm vm;

    ApCreation(SnpVm vm) {
        this.vm = vm;
    }

    long create(GhcbPage ghcb, GuestCall call) {
        if (!ghcb.has(Ghcb.RAX)) {
            return answer(ghcb, Ghcb.MISSING_INPUT);
        }
        long info = ghcb.get(Ghcb.EXIT_INFO_1);
        long gpa = ghcb.get(Ghcb.EXIT_INFO_2);
        long operation = info & 0xffff;
        long apic = info >>> 32;
        SnpVcpu target = apic < vm.maxVcpus() ? vm.vcpu(apic) : null;
        if (target == null || operation > DESTROY || (info >>> 16 & 0xffff) != 0) {
            return answer(ghcb, Ghcb.INVALID_INPUT);
        }
        if (operation == DESTROY) {
            target.runWith(target.statePage());
            return done(ghcb);
        }
        boolean isPage = (operation == ON_INIT || operation == NOW) && Paging.isPageAligned(gpa)
                && (gpa & REGION_MASK) != 0 && gpa >>> Paging.PAGE_SHIFT < SnpTypes.FORMAT.gfnLimit();
        if (!isPage || ghcb.get(Ghcb.RAX) != vm.features()) {
            return answer(ghcb, Ghcb.INVALID_INPUT);
        }
        return adopt(target, gpa, ghcb, call);
    }

    private long adopt(SnpVcpu target, long gpa, GhcbPage ghcb, GuestCall call) {
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        if (call.leaf == Leaf.NONE) {
            call.needGfn = gfn;
            VcpuFaults.fault(gfn, Access.READ | Access.PRIVATE, 0, call.detail);
            return Status.of(Status.NEED_LEAF);
        }
        long pfn = Leaf.pfn(call.leaf, gfn);
        long lo = vm.machine.rmp().lo(pfn);
        boolean isState = PageState.of(lo) == PageState.GUEST_VALID && RmpEntry.asid(lo) == vm.asid
                && RmpTable.gpa(lo, pfn) == gpa && (lo & RmpEntry.VMSA) != 0;
        if (!isState) {
            return answer(ghcb, Ghcb.INVALID_INPUT);
        }
        target.runWith(pfn << Paging.PAGE_SHIFT);
        return done(ghcb);
    }

    private static long done(GhcbPage ghcb) {
        ghcb.answer(Ghcb.NO_ACTION, 0);
        return Status.OK;
    }

    private static long answer(GhcbPage ghcb, long reason) {
        ghcb.answer(Ghcb.MALFORMED, reason);
        return Status.OK;
    }
}
