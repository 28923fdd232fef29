package org.enclosure.cca.host;

import org.enclosure.api.Paging;
import org.enclosure.cca.machine.Inspection;
import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// Pages of the protected half: delegated and created at faults, destroyed and undelegated when they leave. A frame is claimed
/// first, so that everything behind the claim happens to it once.
final class PrivatePages {
    private static final int BLOCK_LEVEL = RttEntry.PAGE_LEVEL - 1;

    private final Realm realm;
    private final Rmm rmm;
    private final long rd;

    PrivatePages(Realm realm) {
        this.realm = realm;
        rmm = realm.rmm;
        rd = realm.rd;
    }

    long map(long gfn, long pfn, int level, TableWork work) {
        long ipa = gfn << Paging.PAGE_SHIFT;
        long seen = realm.see(ipa);
        if (Inspection.isMapped(seen)) {
            return realm.present(gfn, pfn, level, seen, work);
        }
        return level == Paging.LEVEL_2M && Inspection.level(seen) < RttEntry.PAGE_LEVEL ? mapBlock(gfn, pfn, work)
                : mapPage(gfn, pfn, work);
    }

    private long mapPage(long gfn, long pfn, TableWork work) {
        long ipa = gfn << Paging.PAGE_SHIFT;
        work.level = Paging.LEVEL_4K;
        long status = realm.ensure(ipa, RttEntry.PAGE_LEVEL, work.frames, work.detail);
        if (status != Status.OK) {
            return status;
        }
        int owner = realm.owners.claim(pfn, realm.number);
        if (owner != FrameOwners.NOBODY) {
            return taken(gfn, pfn, owner, work);
        }
        long pa = pfn << Paging.PAGE_SHIFT;
        long x0 = rmm.granule.delegate(pa);
        if (x0 == Rmi.SUCCESS) {
            x0 = rmm.data.createUnknown(rd, pa, ipa);
            if (x0 == Rmi.SUCCESS) {
                return Status.OK;
            }
            realm.giveBack(pa);
        }
        realm.owners.release(pfn);
        if (x0 == Rmi.CONTENDED || Rmi.isRtt(x0)) {
            return Status.of(Status.RETRY);
        }
        return realm.denied(gfn, pfn, x0, work.detail);
    }

    /// Somebody has the frame: another realm, or another processor of this one, which may be about to finish.
    private long taken(long gfn, long pfn, int owner, TableWork work) {
        if (owner != realm.number) {
            return realm.denied(gfn, pfn, Rmi.ERROR_INPUT, work.detail);
        }
        return Inspection.isMapped(realm.see(gfn << Paging.PAGE_SHIFT)) ? Status.SPURIOUS : Status.of(Status.RETRY);
    }

    /// Maps 512 pages through a table of pages that is folded afterwards. Nothing of the realm has changed until all frames
    /// are claimed and delegated.
    private long mapBlock(long gfn, long pfn, TableWork work) {
        long firstGfn = Paging.floor(gfn, Paging.LEVEL_2M);
        long firstPfn = Paging.floor(pfn, Paging.LEVEL_2M);
        long ipa = firstGfn << Paging.PAGE_SHIFT;
        int missing = RttEntry.PAGE_LEVEL - Inspection.level(realm.see(ipa));
        if (work.frames.size() < missing) {
            return Status.needFrames(missing);
        }
        long taken = take(firstPfn);
        if (taken != Paging.PAGES_PER_2M) {
            boolean isForeign = realm.owners.owner(firstPfn + taken) != realm.number;
            untake(firstPfn, 0, taken);
            return isForeign ? Status.of(Status.LEVEL, Paging.LEVEL_4K, 0) : Status.of(Status.RETRY);
        }
        long status = realm.ensure(ipa, RttEntry.PAGE_LEVEL, work.frames, work.detail);
        if (status != Status.OK) {
            untake(firstPfn, 0, Paging.PAGES_PER_2M);
            return status;
        }
        return fill(firstGfn, firstPfn, gfn - firstGfn, work);
    }

    /// Creates the wanted page first: once it is there, the call has succeeded whatever becomes of the others.
    private long fill(long firstGfn, long firstPfn, long wanted, TableWork work) {
        work.level = Paging.LEVEL_4K;
        if (create(firstGfn + wanted, firstPfn + wanted) != Rmi.SUCCESS) {
            untake(firstPfn, 0, Paging.PAGES_PER_2M);
            realm.tidy(firstGfn << Paging.PAGE_SHIFT, work.frames);
            return Status.of(Status.RETRY);
        }
        for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
            if (i != wanted && create(firstGfn + i, firstPfn + i) != Rmi.SUCCESS) {
                untakeRest(firstPfn, i, wanted);
                return Status.OK;
            }
        }
        long table = realm.fold(firstGfn << Paging.PAGE_SHIFT, RttEntry.PAGE_LEVEL);
        if (table >= 0) {
            work.frames.push(table);
            work.level = Paging.LEVEL_2M;
        }
        return Status.OK;
    }

    private long create(long gfn, long pfn) {
        return rmm.data.createUnknown(rd, pfn << Paging.PAGE_SHIFT, gfn << Paging.PAGE_SHIFT);
    }

    /// Claims and delegates the frames of a block in order.
    ///
    /// @return how many; the first that could not be had stops it
    private long take(long firstPfn) {
        for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
            long pfn = firstPfn + i;
            if (realm.owners.claim(pfn, realm.number) != FrameOwners.NOBODY) {
                return i;
            }
            if (rmm.granule.delegate(pfn << Paging.PAGE_SHIFT) != Rmi.SUCCESS) {
                realm.owners.release(pfn);
                return i;
            }
        }
        return Paging.PAGES_PER_2M;
    }

    private void untake(long firstPfn, long from, long to) {
        for (long i = from; i < to; i++) {
            realm.giveBack(firstPfn + i << Paging.PAGE_SHIFT);
            realm.owners.release(firstPfn + i);
        }
    }

    private void untakeRest(long firstPfn, long from, long created) {
        untake(firstPfn, from, Math.max(from, created));
        untake(firstPfn, Math.max(from, created + 1), Paging.PAGES_PER_2M);
    }

    /// Destroys the pages of a run: as many as are there one after the other, or, if the first is not there, none.
    long remove(long gfn, long npages, TableWork work) {
        long ipa = gfn << Paging.PAGE_SHIFT;
        long end = gfn + npages << Paging.PAGE_SHIFT;
        long there = rmm.inspection.nextMapped(rd, ipa, end);
        if (there != ipa) {
            work.content = TableWork.KEPT;
            return partly(ipa, there, end, Status.SPURIOUS, work);
        }
        long at = ipa;
        while (at < end && Inspection.isMapped(realm.see(at))) {
            if (!split(at, work.frames, work.detail) || !destroy(at)) {
                break;
            }
            at += Paging.PAGE_SIZE;
            if ((at & RttEntry.size(BLOCK_LEVEL) - 1) == 0) {
                realm.tidy(at - Paging.PAGE_SIZE, realm.spare);
            }
        }
        work.content = TableWork.ZEROED;
        return at == ipa ? Status.of(Status.RETRY) : partly(ipa, at, end, Status.OK, work);
    }

    private static long partly(long from, long to, long end, long flags, TableWork work) {
        work.done = to - from >>> Paging.PAGE_SHIFT;
        return to < end ? flags | Status.MORE : flags;
    }

    /// Destroys one page of a table of pages; its frame is the host's afterwards.
    boolean destroy(long ipa) {
        Outputs out = realm.outputs();
        if (rmm.data.destroy(rd, ipa, out) != Rmi.SUCCESS) {
            return false;
        }
        long pa = out.x1;
        realm.giveBack(pa);
        realm.owners.release(pa >>> Paging.PAGE_SHIFT);
        return true;
    }

    /// Makes the mapping of an IPA one of pages, with a frame from either cache.
    boolean split(long ipa, FrameCache frames, FaultDetail detail) {
        while (Inspection.level(realm.see(ipa)) < RttEntry.PAGE_LEVEL) {
            FrameCache from = frames.size() > 0 ? frames : realm.spare;
            int level = Inspection.level(realm.see(ipa)) + 1;
            if (from.size() == 0 || realm.addTable(ipa, level, from, detail) != Status.OK) {
                return false;
            }
        }
        return true;
    }

    long resize(long gfn, int level, TableWork work) {
        long ipa = gfn << Paging.PAGE_SHIFT;
        long seen = realm.see(ipa);
        int reached = Realm.level(Inspection.level(seen));
        work.level = level;
        if (!Inspection.isMapped(seen) || reached == level) {
            return level > reached ? Status.of(Status.DENIED) : Status.SPURIOUS;
        }
        if (level > reached) {
            return merge(ipa, level, work);
        }
        if (work.frames.size() == 0) {
            return Status.needFrames(1);
        }
        return realm.addTable(ipa, Inspection.level(seen) + 1, work.frames, work.detail);
    }

    private long merge(long ipa, int level, TableWork work) {
        if (level != Paging.LEVEL_2M || work.frames.size() == work.frames.capacity()) {
            return Status.of(Status.DENIED);
        }
        long frame = realm.fold(ipa, RttEntry.PAGE_LEVEL);
        if (frame < 0) {
            return Status.of(Status.DENIED);
        }
        work.frames.push(frame);
        return Status.OK;
    }

    /// How many pages of a range are mapped.
    long mapped(long gfn, long npages) {
        long end = gfn + npages << Paging.PAGE_SHIFT;
        long count = 0;
        long at = gfn << Paging.PAGE_SHIFT;
        while (at < end) {
            long first = rmm.inspection.nextMapped(rd, at, end);
            at = rmm.inspection.nextUnmapped(rd, first, end);
            count += Math.min(at, end) - Math.min(first, end);
        }
        return count >>> Paging.PAGE_SHIFT;
    }
}
