package org.enclosure.cca.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.cca.machine.Inspection;
import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The RMM's tables as KVM uses them. Protected pages cannot be blocked by the RMM: between `block` and `remove` it is the host
/// that keeps its vCPUs from them. Unprotected ones are unmapped by `block` itself.
final class CcaTable implements GuestTable {
    /// Scratch word of a call: the REC whose RIPAS change it is.
    static final int SCRATCH_REC = 0;

    private final Realm realm;
    private final PrivatePages privatePages;
    private final SharedPages sharedPages;

    CcaTable(Realm realm) {
        this.realm = realm;
        privatePages = new PrivatePages(realm);
        sharedPages = new SharedPages(realm);
    }

    PrivatePages privatePages() {
        return privatePages;
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        int offered = Math.min(level, Paging.LEVEL_2M);
        if (gfn < 0 || gfn >= realm.unprotected >>> Paging.PAGE_SHIFT) {
            return realm.denied(gfn, pfn, Rmi.ERROR_INPUT, work.detail);
        }
        if (!isPrivate(work)) {
            return sharedPages.map(gfn, pfn, offered, work);
        }
        if (realm.blocked.holds(gfn)) {
            realm.blocked.clear();
        }
        return privatePages.map(gfn, pfn, offered, work);
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        if (isPrivate(work)) {
            realm.blocked.add(gfn, npages);
            work.done = privatePages.mapped(gfn, npages);
            return Status.OK;
        }
        long reached = sharedPages.unmap(gfn, npages);
        work.done = Math.max(0, reached);
        return reached < 0 ? Status.of(Status.RETRY) : Status.OK;
    }

    /// The RMM invalidates translations itself, whenever it changes one.
    @Override
    public long flush(TableWork work) {
        return Status.OK;
    }

    /// Serves the RIPAS change that the guest has asked for, as far as it can be served. Without a guest's request nothing
    /// can be changed: pages that the host takes become DESTROYED.
    @Override
    public long convert(long gfn, long npages, TableWork work) {
        GuestCall call = work.call;
        long rec = call == null ? 0 : call.scratch[SCRATCH_REC];
        if (rec == 0) {
            return Status.OK;
        }
        long top = gfn + npages << Paging.PAGE_SHIFT;
        long base = realm.rmm.inspection.ripasReached(rec);
        Outputs out = realm.outputs();
        while (base < top) {
            long x0 = realm.rmm.ripas.set(realm.rd, rec, base, top, out);
            if (x0 == Rmi.SUCCESS) {
                base = out.x1;
                continue;
            }
            if (!Rmi.isRtt(x0) || isStuck(rec, base)) {
                // Contended, or the guest learns by the address reached how far the host came.
                return x0 == Rmi.CONTENDED ? Status.of(Status.RETRY) : Status.OK;
            }
            if (work.frames.size() == 0) {
                return Status.needFrames(1);
            }
            long status = realm.addTable(base, Rmi.index(x0) + 1, work.frames, work.detail);
            if (status != Status.OK) {
                return status;
            }
        }
        return Status.OK;
    }

    /// Whether the entry in the way is not too large but DESTROYED, which the guest did not want to be changed.
    private boolean isStuck(long rec, long ipa) {
        long seen = realm.see(ipa);
        return Inspection.level(seen) == RttEntry.PAGE_LEVEL || !realm.rmm.inspection.changesDestroyed(rec)
                && RttEntry.ripas(Inspection.entry(seen)) == Ripas.DESTROYED;
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (gfn < 0) {
            return Status.SPURIOUS; // what is bound nowhere is in no table, and its frames are the host's
        }
        if (isPrivate(work)) {
            return privatePages.remove(gfn, npages, work);
        }
        long reached = sharedPages.unmap(gfn, npages);
        return reached < 0 ? Status.of(Status.RETRY) : reached == 0 ? Status.SPURIOUS : Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        return isPrivate(work) ? privatePages.resize(gfn, level, work) : Status.SPURIOUS;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        long seen = realm.see(isPrivate(work) ? gfn << Paging.PAGE_SHIFT : sharedPages.ipa(gfn));
        long entry = Inspection.entry(seen);
        if (!isPrivate(work)) {
            return CcaTypes.NS + (RttEntry.isLive(entry) ? 1 : 0);
        }
        return RttEntry.ripas(entry) + (RttEntry.isLive(entry) ? CcaTypes.ASSIGNED : 0);
    }

    private static boolean isPrivate(TableWork work) {
        return (work.access & Access.PRIVATE) != 0;
    }
}
