package org.enclosure.core.convert;

import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.translation.Backoff;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// The engine's calls into a plugin's tables, made under the mutation lock and inside of begin .. end: what each answer means,
/// and what happens to a plugin that answers what it must not.
///
/// Before anything has changed, a plugin that cannot settle is an error of the call. Afterwards it kills the VM, because half a
/// change must never be seen.
final class TableCalls {
    /// How often a RETRY is answered by another try; the tables of a host are shared with other VMs, so one is not enough.
    private static final int TRIES = 5_000;

    private final VmCore vm;
    private final GuestTable table;
    private final TableWork work = new TableWork(new FrameCache(2 * VmTraits.MAX_FRAMES));
    private long removed;

    TableCalls(VmCore vm) {
        this.vm = vm;
        table = vm.table();
    }

    TableWork work() {
        return work;
    }

    /// Makes sure that all splits of one change have their frames.
    void reserveFrames() {
        int wanted = Math.min(2 * vm.traits().framesPerSplit() + vm.traits().framesPerMap(), work.frames.capacity());
        if (!vm.host().topUp(work.frames, wanted)) {
            throw new GuestMemoryException(Errno.ENOMEM,
                    "the host is out of frames for tables: " + wanted + " are needed, "
                            + work.frames.size() + " could be had");
        }
    }

    private void reset(int reason, boolean isPrivate, boolean toPrivate, @Nullable GuestCall call) {
        work.reset(reason, isPrivate ? Access.PRIVATE : 0);
        work.toPrivate = toPrivate;
        work.call = call;
    }

    /// Takes a range out of the guest's reach, in the backend's tables.
    ///
    /// @return how many pages were in reach
    /// @throws GuestMemoryException EIO if the architecture refuses
    long block(long gfn, long npages, int reason, boolean isPrivate, boolean toPrivate, @Nullable GuestCall call) {
        for (int round = 0; round < TRIES; round++) {
            reset(reason, isPrivate, toPrivate, call);
            long status = table.block(gfn, npages, work);
            if (status >= 0) {
                return work.done;
            }
            if (Status.kind(status) == Status.DENIED) {
                long at = work.detail.gfn;
                throw new GuestMemoryException(Errno.EIO, vm.host().architecture() + " refuses to block gpa 0x"
                        + Long.toHexString(at << Paging.PAGE_SHIFT) + ": " + Status.describe(status)
                        + (work.detail.owner == FaultDetail.NOBODY ? "" : ", owner " + work.detail.owner),
                        Math.max(0, at - gfn) << Paging.PAGE_SHIFT, List.of());
            }
            if (Status.kind(status) != Status.RETRY) {
                throw broken("block", gfn, status);
            }
            vm.kickAll();
            Backoff.pause(round);
        }
        throw broken("block", gfn, Status.of(Status.RETRY));
    }

    /// Makes what was blocked unreachable.
    void flush() {
        for (int round = 0; round < TRIES; round++) {
            reset(TableWork.CONVERT, true, false, null);
            long status = table.flush(work);
            if (status >= 0) {
                return;
            }
            if (Status.kind(status) != Status.RETRY) {
                throw killed("flush", 0, status);
            }
            vm.kickAll();
            Backoff.pause(round);
        }
        throw killed("flush", 0, Status.of(Status.RETRY));
    }

    /// Changes the kind of a blocked range.
    void convert(long gfn, long npages, boolean toPrivate, @Nullable GuestCall call) {
        for (int round = 0; round < TRIES; round++) {
            reset(TableWork.CONVERT, !toPrivate, toPrivate, call);
            long status = table.convert(gfn, npages, work);
            if (Status.kind(status) == Status.NEED_FRAMES && vm.host().topUp(work.frames, Status.argument(status))) {
                continue;
            }
            if (status < 0 && Status.kind(status) != Status.RETRY) {
                throw killed("convert", gfn, status);
            }
            if (status >= 0 && !Status.has(status, Status.MORE)) {
                return;
            }
            Backoff.pause(round);
        }
        throw killed("convert", gfn, Status.of(Status.RETRY));
    }

    /// Takes the frames of a run out of the tables: all of it, or the first [#removed()] pages, of whose content one thing is
    /// true.
    ///
    /// @return what became of the content of these
    int remove(long gfn, long pfn, long npages, int reason, boolean isPrivate) {
        for (int round = 0; round < TRIES; round++) {
            reset(reason, isPrivate, !isPrivate, null);
            long status = table.remove(gfn, pfn, npages, work);
            if (status >= 0) {
                removed = Status.has(status, Status.MORE) ? work.done : npages;
                if (removed <= 0 || removed > npages) {
                    throw killed("remove", gfn, status);
                }
                return work.content;
            } else if (Status.kind(status) == Status.QUARANTINE) {
                vm.host().frames().quarantine(work.detail.pfn);
                throw killed("remove", gfn, status);
            } else if (Status.kind(status) != Status.RETRY) {
                throw killed("remove", gfn, status);
            } else {
                vm.kickAll();
                Backoff.pause(round);
            }
        }
        throw killed("remove", gfn, Status.of(Status.RETRY));
    }

    /// How many pages the last [#remove] was about.
    long removed() {
        return removed;
    }

    /// Puts the populated pages of `[start, end)` into the tables, each run as [#mapRun] does.
    void mapRuns(FolioMap folios, long start, long end, long gfn, boolean isPrivate) {
        for (long at = folios.nextPresent(start, end); at < end;) {
            long runEnd = folios.runEnd(at, end);
            mapRun(folios, at, runEnd, gfn + at - start, isPrivate);
            at = folios.nextPresent(runEnd, end);
        }
    }

    /// Puts a run of pages into the tables, as far as that can be done without waiting; what is left out is mapped at its
    /// next fault.
    private void mapRun(FolioMap folios, long start, long end, long gfn, boolean isPrivate) {
        for (long at = start; at < end;) {
            long page = gfn + at - start;
            long word = folios.settled(at);
            int level = Math.min(Paging.level(FolioMap.order(word)), vm.maxLevel());
            while (level > Paging.LEVEL_4K
                    && !(Paging.isAligned(page, level) && page + Paging.pages(level) <= gfn + end - start)) {
                level--;
            }
            reset(TableWork.CONVERT, isPrivate, isPrivate, null);
            long status = table.map(page, FolioMap.pfn(word), level, work);
            at += status >= 0 ? Paging.pages(Math.clamp(work.level, Paging.LEVEL_4K, level)) : 1;
        }
    }

    /// Splits the mapping around a gfn.
    void split(long gfn, long pfn, int level) {
        for (int round = 0; round < TRIES; round++) {
            reset(TableWork.CONVERT, true, false, null);
            long status = table.resize(gfn, pfn, level, work);
            if (status >= 0) {
                return;
            }
            if (Status.kind(status) == Status.NEED_FRAMES && Status.argument(status) <= work.frames.capacity()
                    && vm.host().topUp(work.frames, Status.argument(status))) {
                continue;
            }
            if (Status.kind(status) != Status.RETRY) {
                throw killed("resize", gfn, status);
            }
            Backoff.pause(round);
        }
        throw killed("resize", gfn, Status.of(Status.RETRY));
    }

    /// Whether all pages of a block are in the same state in the tables; `probe` is looked at first.
    boolean isUniform(long gfn, long pfn, int level, long probe, boolean isPrivate) {
        long state = state(gfn, pfn, isPrivate);
        long pages = Paging.pages(level);
        if (state(probe, pfn + probe - gfn, isPrivate) != state) {
            return false;
        }
        for (long i = pages - 1; i > 0; i--) {
            if (state(gfn + i, pfn + i, isPrivate) != state) {
                return false;
            }
        }
        return true;
    }

    private long state(long gfn, long pfn, boolean isPrivate) {
        reset(TableWork.CONVERT, isPrivate, isPrivate, null);
        return table.inspect(gfn, pfn, work);
    }

    /// Makes one mapping of a block that is mapped in pieces. The frames of tables that this frees are in the reserve until
    /// [#returnFrames()]: somebody may be in the middle of a walk through them.
    ///
    /// @return whether the backend did it; if not, nothing has changed
    boolean merge(long gfn, long pfn, int level, boolean isPrivate) {
        for (int round = 0; round < TRIES; round++) {
            reset(TableWork.CONVERT, isPrivate, isPrivate, null);
            long status = table.resize(gfn, pfn, level, work);
            if (status >= 0) {
                return !Status.has(status, Status.SPURIOUS);
            }
            if (Status.kind(status) == Status.DENIED) {
                return false;
            }
            if (Status.kind(status) != Status.RETRY) {
                throw killed("resize", gfn, status);
            }
            vm.kickAll(); // what the backend has blocked is unreachable when the vCPUs have left
            Backoff.pause(round);
        }
        throw killed("resize", gfn, Status.of(Status.RETRY));
    }

    /// Gives the host what is held in reserve.
    void returnFrames() {
        vm.host().drain(work.frames);
    }

    /// Prepares the removal of everything.
    void tearDown() {
        for (int round = 0; round < TRIES; round++) {
            reset(TableWork.TEARDOWN, true, false, null);
            long status = vm.backend().teardown(work);
            if (status >= 0 && !Status.has(status, Status.MORE)) {
                return;
            }
            if (status < 0 && Status.kind(status) != Status.RETRY) {
                throw broken("teardown", 0, status);
            }
            if (status >= 0) {
                vm.host().drain(work.frames);
                round = -1;
            }
            Backoff.pause(round);
        }
        throw broken("teardown", 0, Status.of(Status.RETRY));
    }

    private GuestMemoryException broken(String call, long gfn, long status) {
        return new GuestMemoryException(Errno.EIO,
                "plugin " + vm.host().architecture() + " answered " + Status.describe(status)
                        + " to " + call + " of gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT)
                        + ", which it must not");
    }

    private GuestMemoryException killed(String call, long gfn, long status) {
        vm.kill();
        GuestMemoryException cause = broken(call, gfn, status);
        return new GuestMemoryException(Errno.EIO,
                cause.getMessage() + "; the change was under way, so the VM is dead");
    }
}
