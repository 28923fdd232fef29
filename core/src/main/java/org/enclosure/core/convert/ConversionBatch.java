package org.enclosure.core.convert;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.MemoryObject;
import org.jspecify.annotations.Nullable;

/// Ranges of guest addresses and whole stores that the host converts to one kind in one change: all or nothing. For one thread.
public final class ConversionBatch {
    private record Range(RequestView request, @Nullable MemoryObject store) {
    }

    private final ConversionEngine engine;
    private final VmCore vm;
    private final boolean toPrivate;
    private final List<Range> ranges = new ArrayList<>();

    /// An empty batch.
    public ConversionBatch(ConversionEngine engine, boolean toPrivate) {
        this.engine = engine;
        this.toPrivate = toPrivate;
        vm = engine.vm();
    }

    /// Adds guest addresses, which overlap with none that were added.
    public void add(long gpa, long bytes) {
        ranges.add(new Range(view(gpa, bytes), null));
    }

    /// Adds all pages of a store.
    public void add(GuestMemoryStore store, MemoryObject pages) {
        ranges.add(new Range(view(RequestView.NO_GPA, store.size()).of(store, 0), pages));
    }

    private RequestView view(long gpa, long bytes) {
        return new RequestView().set(gpa, bytes, toPrivate, ConversionOrigin.HOST, -1);
    }

    /// Converts them. A store that was closed meanwhile is passed over.
    ///
    /// @throws org.enclosure.api.GuestMemoryException as [ConversionEngine#convert]; the error offset counts over the ranges in
    ///         the order in which they were added
    public void run() {
        CallbackGuard.check("convert");
        if (ranges.isEmpty()) {
            return;
        }
        engine.checkTarget(toPrivate);
        int asked = 0;
        boolean done = false;
        try {
            for (; asked < ranges.size(); asked++) {
                engine.participants().prepare(ranges.get(asked).request);
            }
            change();
            done = true;
        } finally {
            for (int i = asked - 1; !done && i >= 0; i--) {
                engine.participants().abort(ranges.get(i).request);
            }
        }
        ranges.forEach(range -> engine.participants().commit(range.request));
    }

    private void change() {
        PartList parts = engine.parts();
        vm.mutation().lock();
        try {
            vm.checkOpen();
            ranges.forEach(this::collect);
            if (vm.policies().allowsAliases()) {
                parts.collectAliases(vm.slots(), null);
            }
            if (!engine.isUniform(toPrivate)) {
                engine.change(ranges.getFirst().request, toPrivate, null, null);
            }
            engine.deferred().forget(parts);
        } finally {
            parts.clear();
            vm.mutation().unlock();
        }
    }

    private void collect(Range range) {
        MemoryObject store = range.store;
        if (store == null) {
            long start = range.request.gpa() >>> Paging.PAGE_SHIFT;
            engine.addParts(start, start + (range.request.bytes() >>> Paging.PAGE_SHIFT), toPrivate);
        } else if (!store.isClosed()) {
            engine.parts().add(vm.slots(), store, 0, store.pages());
        }
    }
}
