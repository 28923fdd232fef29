package org.enclosure.cca.host;

import org.enclosure.api.Paging;
import org.enclosure.cca.machine.Granules;
import org.enclosure.cca.machine.Inspection;
import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.machine.Pas;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// Mappings of the host's memory in the unprotected half.
final class SharedPages {
    /// S2AP read and write, normal memory write-back.
    private static final long ATTRIBUTES = 0xd8;

    private final Realm realm;
    private final Rmm rmm;
    private final long rd;

    SharedPages(Realm realm) {
        this.realm = realm;
        rmm = realm.rmm;
        rd = realm.rd;
    }

    /// The address of a page in the unprotected half.
    long ipa(long gfn) {
        return realm.unprotected | gfn << Paging.PAGE_SHIFT;
    }

    long map(long gfn, long pfn, int level, TableWork work) {
        long seen = realm.see(ipa(gfn));
        if (Inspection.isMapped(seen)) {
            return realm.present(gfn, pfn, level, seen, work);
        }
        // Where a table of pages hangs already, only a page can go in.
        work.level = Inspection.level(seen) == RttEntry.PAGE_LEVEL ? Paging.LEVEL_4K : level;
        long firstGfn = Paging.floor(gfn, work.level);
        long firstPfn = Paging.floor(pfn, work.level);
        long foreign = firstForeign(firstPfn, Paging.pages(work.level));
        if (foreign >= 0) {
            return realm.denied(gfn, foreign, Rmi.ERROR_INPUT, work.detail);
        }
        int rttLevel = Realm.level(work.level);
        long status = realm.ensure(ipa(firstGfn), rttLevel, work.frames, work.detail);
        if (status != Status.OK) {
            return status;
        }
        long x0 = rmm.ns.map(rd, ipa(firstGfn), rttLevel, firstPfn << Paging.PAGE_SHIFT | ATTRIBUTES);
        if (x0 == Rmi.SUCCESS) {
            return Status.OK;
        }
        return x0 == Rmi.CONTENDED || Rmi.isRtt(x0) ? Status.of(Status.RETRY)
                : realm.denied(gfn, pfn, x0, work.detail);
    }

    /// What is not in the Non-secure address space is not the host's to map; the RMM would take it, and each access fault.
    private long firstForeign(long pfn, long npages) {
        for (long at = pfn; at < pfn + npages; at++) {
            if (rmm.gpt.pas(at) != Pas.NS) {
                return at;
            }
        }
        return -1;
    }

    /// Unmaps a range. A block that sticks out of it goes as a whole: what is outside comes back at its next fault.
    ///
    /// @return how many pages of the range were mapped, or -1 if a table was busy
    long unmap(long gfn, long npages) {
        long end = ipa(gfn + npages - 1) + Granules.SIZE;
        long count = 0;
        Outputs out = realm.outputs();
        for (long at = rmm.inspection.nextMapped(rd, ipa(gfn), end); at < end;) {
            int level = Inspection.level(realm.see(at));
            long size = RttEntry.size(level);
            long first = at & -size;
            if (rmm.ns.unmap(rd, first, level, out) == Rmi.CONTENDED) {
                return -1;
            }
            count += Math.min(first + size, end) - at;
            at = rmm.inspection.nextMapped(rd, Math.min(first + size, end), end);
        }
        return count >>> Paging.PAGE_SHIFT;
    }
}
