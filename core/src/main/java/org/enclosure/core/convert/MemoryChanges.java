package org.enclosure.core.convert;

import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
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
    private final Eviction eviction;
    private final FrameList freed;

    /// Creates the changes of a VM; they share the engine's lock and tables.
    public MemoryChanges(ConversionEngine engine) {
        this.engine = engine;
        vm = engine.vm();
        domain = vm.domain();
        mutation = vm.mutation();
        eviction = new Eviction(engine.parts(), engine.zapper(), engine.calls());
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
                store.shootViews(start, end);
                beginTake(store, start, end, true);
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
            store.shootViews(page, page + 1);
            beginTake(store, page, page + 1, false);
            store.poison(page);
        } finally {
            endTake();
            store.endViews(page, page + 1);
        }
    }

    /// Takes pages of an object from the vCPUs, where they are the half in use, and keeps faults away until [#endTake]. The caller
    /// holds the mutation lock, and has taken the pages from the host already: the plugin may wipe what it is told to remove.
    ///
    /// @param frees whether the pages go too
    public void beginTake(MemoryObject object, long start, long end, boolean frees) {
        PartList parts = engine.parts();
        parts.collect(vm.slots(), object, start, end);
        parts.collectAliases(vm.slots(), object);
        RangeUnion.begin(parts, domain, vm.maxLevel());
        domain.drain();
        eviction.run(frees ? TableWork.PUNCH : TableWork.SLOT, object);
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
            eviction.run(TableWork.SLOT, object);
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
            removeAll(part, true);
            if (!part.isInPlace()) {
                removeAll(part, false);
            }
        }
        parts.clear();
        vm.publish(SlotTable.EMPTY);
    }

    /// The end of a store that is bound nowhere any more: its frames become the host's. The caller holds the mutation lock.
    public void release(MemoryObject object) {
        PartList parts = engine.parts();
        object.beginViews(0, object.pages());
        try {
            object.shootViews(0, object.pages());
            parts.collect(SlotTable.EMPTY, object, 0, object.pages());
            eviction.run(TableWork.PUNCH, null);
        } finally {
            parts.clear();
            object.endViews(0, object.pages());
        }
    }

    private void removeAll(Part part, boolean isPrivate) {
        MemoryObject object = part.object(isPrivate);
        if (object != null) {
            eviction.remove(object, part.start(isPrivate), part.pages, part.gfn, isPrivate, TableWork.TEARDOWN);
        }
    }
}
