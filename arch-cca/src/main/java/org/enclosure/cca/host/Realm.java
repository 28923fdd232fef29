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

/// A realm as its host handles it: the descriptor's address, the number by which the host knows it, and the steps that all
/// flows share. `spare` has frames for tables that are needed where the engine cannot hand any in; it is used under the engine's
/// lock only.
final class Realm {
    /// Room that is left in a cache for what comes back at the end.
    private static final int RESERVED = 4;

    final Rmm rmm;
    final long rd;
    final int number;
    /// The bit of an IPA that is set in the unprotected half.
    final long unprotected;
    final FrameOwners owners;
    final FrameCache spare;
    final BlockedRange blocked = new BlockedRange();
    private final ThreadLocal<Outputs> outputs = ThreadLocal.withInitial(Outputs::new);

    Realm(Rmm rmm, long rd, int number, long unprotected, FrameOwners owners, FrameCache spare) {
        this.rmm = rmm;
        this.rd = rd;
        this.number = number;
        this.unprotected = unprotected;
        this.owners = owners;
        this.spare = spare;
    }

    /// The calling thread's result registers.
    Outputs outputs() {
        return outputs.get();
    }

    /// The entry that decides about an IPA.
    long see(long ipa) {
        return rmm.inspection.see(rd, ipa);
    }

    /// The level of the RMM that a level of the SPI is, and the other way round: the RMM counts down, to pages at 3.
    static int level(int level) {
        return Paging.LEVEL_4K + RttEntry.PAGE_LEVEL - level;
    }

    /// A page is there already, in either half: this one (SPURIOUS), or another (DENIED).
    ///
    /// @param seen what [#see] has told of it
    long present(long gfn, long pfn, int level, long seen, TableWork work) {
        int reached = level(Inspection.level(seen));
        work.level = Math.min(level, reached);
        long first = RttEntry.address(Inspection.entry(seen)) >>> Paging.PAGE_SHIFT;
        return first + (gfn - Paging.floor(gfn, reached)) == pfn ? Status.SPURIOUS
                : denied(gfn, pfn, Rmi.rtt(Inspection.level(seen)), work.detail);
    }

    /// Builds tables down to a level.
    ///
    /// @return OK, NEED_FRAMES, RETRY or DENIED; the tables that were built stay, they map nothing
    long ensure(long ipa, int level, FrameCache frames, FaultDetail detail) {
        int reached = Inspection.level(see(ipa));
        while (reached < level) {
            if (frames.size() < level - reached) {
                return Status.needFrames(level - reached);
            }
            long status = addTable(ipa, reached + 1, frames, detail);
            if (status != Status.OK) {
                return status;
            }
            reached = Inspection.level(see(ipa));
        }
        return Status.OK;
    }

    /// Hangs one table below the entry of `level - 1`; nothing if another processor has done so.
    ///
    /// @return OK, RETRY or DENIED; the frame is in a table or back in the cache
    long addTable(long ipa, int level, FrameCache frames, FaultDetail detail) {
        long frame = frames.pop();
        long pa = frame << Paging.PAGE_SHIFT;
        long x0 = rmm.granule.delegate(pa);
        if (x0 != Rmi.SUCCESS) {
            frames.push(frame);
            return x0 == Rmi.CONTENDED ? Status.of(Status.RETRY) : denied(-1, frame, x0, detail);
        }
        x0 = rmm.rtt.create(rd, pa, ipa & -RttEntry.size(level - 1), level);
        if (x0 == Rmi.SUCCESS) {
            return Status.OK;
        }
        giveBack(pa);
        frames.push(frame);
        return Rmi.isRtt(x0) ? Status.OK : Status.of(Status.RETRY);
    }

    /// Replaces a table whose entries are alike by one entry.
    ///
    /// @return the frame that came free, or -1
    long fold(long ipa, int level) {
        Outputs out = outputs();
        if (rmm.rtt.fold(rd, ipa & -RttEntry.size(level - 1), level, out) != Rmi.SUCCESS) {
            return -1;
        }
        long table = out.x1;
        giveBack(table);
        return table >>> Paging.PAGE_SHIFT;
    }

    /// Folds the page table of a 2 MiB region where that can be done and there is room for the frame.
    void tidy(long ipa, FrameCache frames) {
        if (frames.size() < frames.capacity() - RESERVED && Inspection.level(see(ipa)) == RttEntry.PAGE_LEVEL) {
            long frame = fold(ipa, RttEntry.PAGE_LEVEL);
            if (frame >= 0) {
                frames.push(frame);
            }
        }
    }

    /// Undelegates a granule that no realm has, however long another processor looks at it.
    void giveBack(long pa) {
        while (rmm.granule.undelegate(pa) == Rmi.CONTENDED) {
            Thread.onSpinWait();
        }
    }

    /// The answer DENIED, with everything that a report wants to know.
    long denied(long gfn, long pfn, long x0, FaultDetail detail) {
        detail.gfn = gfn;
        detail.pfn = pfn;
        detail.code = x0;
        int owner = owners.owner(pfn);
        detail.owner = owner == FrameOwners.NOBODY ? FaultDetail.NOBODY : owner;
        return Status.of(Status.DENIED, 0, (int) x0);
    }
}
