package org.enclosure.core.convert;

import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.spi.TableWork;
import org.jspecify.annotations.Nullable;

/// Changes that take memory away without changing its kind: holes, slots that go, host mappings that go, the end of the VM.
public final class MemoryChanges {
    private final ConversionEngine engine;
    private final VmCore vm;
    private final TranslationDomain domain;
    private final ReentrantLock mutation;
    private final FrameList freed;

    /// Creates the changes of a VM; they share the engine's lock and tables.
    public MemoryChanges(ConversionEngine engine) {
        this.engine = engine;
        vm = engine.vm();
        domain = vm.domain();
        mutation = vm.mutation();
        freed = new FrameList(vm.host().frames());
    }

    /// Frees pages of a store of this VM.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EAGAIN if a page is held, EBADF if the store is closed
    public void punch(MemoryObject store, long start, long end) {
        CallbackGuard.check("punchHole");
        mutation.lock();
        try {
            if (store.isClosed()) {
                throw new GuestMemoryException(Errno.EBADF, "the memory is closed");
            }
            PinCheck.check(store, start, end - start, 0, "be freed");
            store.beginViews(start, end);
            try {
                beginTake(store, start, end, true);
                store.shootViews(start, end);
                store.removePages(start, end, freed);
            } finally {
                endTake();
                store.endViews(start, end);
            }
            freed.freeAll();
        } finally {
            mutation.unlock();
        }
    }

    /// The memory of a page of a store has failed: everybody loses it. The caller holds the mutation lock.
    public void poison(MemoryObject store, long page) {
        store.beginViews(page, page + 1);
        try {
            beginTake(store, page, page + 1, false);
            store.shootViews(page, page + 1);
            store.poison(page);
        } finally {
            endTake();
            store.endViews(page, page + 1);
        }
    }

    /// Takes pages of an object from the vCPUs, where they are the half in use, and keeps faults away until [#endTake]. The caller
    /// holds the mutation lock.
    ///
    /// @param frees whether the pages go too
    public void beginTake(MemoryObject object, long start, long end, boolean frees) {
        PartList parts = engine.parts();
        parts.collect(vm.slots(), object, start, end);
        parts.collectAliases(vm.slots(), object);
        RangeUnion.begin(parts, domain, vm.maxLevel());
        domain.drain();
        takeAway(frees ? TableWork.PUNCH : TableWork.SLOT, object);
    }

    /// Ends what [#beginTake] began, whether it returned or threw.
    public void endTake() {
        RangeUnion.end(engine.parts(), domain);
        engine.parts().clear();
    }

    /// Publishes slots that lack, or change, what backs `[gfn, end)`, and takes that range from the vCPUs. The caller holds the
    /// mutation lock.
    public void replaceSlots(SlotTable next, long gfn, long end) {
        replaceSlots(next, gfn, end, null);
    }

    /// As [#replaceSlots(SlotTable, long, long)], but takes away only what `object` backs: when host memory goes, the private
    /// half stays as it is.
    public void replaceSlots(SlotTable next, long gfn, long end, @Nullable MemoryObject object) {
        PartList parts = engine.parts();
        parts.collect(vm.slots(), gfn, end);
        vm.pending().remove(gfn, end);
        RangeUnion.begin(parts, domain, vm.maxLevel());
        try {
            domain.drain();
            takeAway(TableWork.SLOT, object);
            vm.publish(next);
        } finally {
            RangeUnion.end(parts, domain);
            parts.clear();
        }
    }

    /// Takes everything out of the tables, when no vCPU is left. The caller holds the mutation lock.
    public void tearDown() {
        PartList parts = engine.parts();
        parts.collect(vm.slots(), 0, vm.gfnLimit());
        engine.calls().tearDown();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            removeRuns(part, part.privateObject, part.privateStart, true, TableWork.TEARDOWN);
            if (!part.isInPlace()) {
                removeRuns(part, part.sharedObject, part.sharedStart, false, TableWork.TEARDOWN);
            }
        }
        parts.clear();
        vm.publish(SlotTable.EMPTY);
    }

    /// @param only the object whose pages are meant, or null for all
    private void takeAway(int reason, @Nullable MemoryObject only) {
        PartList parts = engine.parts();
        for (int i = 0; i < parts.aliasCount(); i++) {
            Part alias = parts.alias(i);
            engine.zapper().zap(alias.gfn, alias.endGfn(), reason, alias.isPrivateAt(0), alias.isPrivateAt(0), null,
                    null);
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            for (long at = 0; at < part.pages;) {
                long runEnd = part.kindRunEnd(at);
                if (only == null || part.object(part.isPrivateAt(at)) == only) {
                    zapRun(part, at, runEnd, reason);
                }
                at = runEnd;
            }
        }
    }

    /// A stretch of one kind: the tables are told of the half that is in use.
    private void zapRun(Part part, long from, long to, int reason) {
        boolean isPrivate = part.isPrivateAt(from);
        MemoryObject object = part.object(isPrivate);
        if (part.isBound()) {
            zapBound(part, object, from, to, reason, isPrivate);
        }
        if (object != null) {
            removeRuns(object, part.start(isPrivate) + from, to - from, part.gfnAt(from), isPrivate, reason);
        }
    }

    private void zapBound(Part part, @Nullable MemoryObject object, long from, long to, int reason, boolean isPrivate) {
        long gfn = part.gfn + from;
        long end = part.gfn + to;
        if (object != null) {
            engine.zapper().splitEdges(object, part.start(isPrivate) + from, gfn, end, isPrivate, null);
        }
        engine.zapper().zap(gfn, end, reason, isPrivate, isPrivate, null, null);
    }

    /// The end of a store that is bound nowhere any more: its frames become the host's. The caller holds the mutation lock.
    public void release(MemoryObject object) {
        PartList parts = engine.parts();
        parts.collect(SlotTable.EMPTY, object, 0, object.pages());
        takeAway(TableWork.PUNCH, null);
        parts.clear();
    }

    private void removeRuns(Part part, @Nullable MemoryObject object, long start, boolean isPrivate, int reason) {
        if (object != null) {
            removeRuns(object, start, part.pages, part.gfn, isPrivate, reason);
        }
    }

    private void removeRuns(MemoryObject object, long start, long pages, long gfn, boolean isPrivate, int reason) {
        FolioMap folios = object.folios();
        long end = start + pages;
        for (long at = folios.nextPresent(start, end); at < end;) {
            long runEnd = folios.runEnd(at, end);
            long pfn = FolioMap.pfn(folios.get(at));
            int content = engine.calls().remove(gfn < 0 ? gfn : gfn + at - start, pfn, runEnd - at, reason, isPrivate);
            runEnd = at + engine.calls().removed();
            if (content == TableWork.LOST) {
                folios.markUnzeroed(at, runEnd);
            }
            at = folios.nextPresent(runEnd, end);
        }
    }
}
