package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.event.SplitEvent;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// Takes ranges of gfns from all vCPUs of a VM: block, unmap, flush, shootdown, kick. Used under the mutation lock, inside of
/// begin .. end with the fault marks drained.
final class Zapper {
    private final VmCore vm;
    private final TableCalls calls;
    private final @Nullable S2Table s2;
    private final FrameList detached;
    private final boolean kicks;
    private final boolean ownsAll;

    Zapper(VmCore vm, TableCalls calls) {
        this.vm = vm;
        this.calls = calls;
        s2 = vm.s2();
        detached = new FrameList(vm.host().frames());
        kicks = vm.traits().has(VmTrait.FLUSH_NEEDS_EXIT);
        ownsAll = vm.traits().engineOwns(true) && vm.traits().engineOwns(false);
    }

    /// Takes a range away.
    ///
    /// @param wasPrivate which half the guest loses
    /// @param call the guest's request, or null
    void zap(long gfn, long end, int reason, boolean wasPrivate, boolean toPrivate, @Nullable GuestCall call,
            @Nullable TranslationHolder self) {
        clear(gfn, end, calls.block(gfn, end - gfn, reason, wasPrivate, toPrivate, call), self);
    }

    /// Takes a range away that was blocked.
    ///
    /// @param blocked how many pages of it were in reach of the backend's tables
    /// @return how many leaves the engine's tables had
    long clear(long gfn, long end, long blocked, @Nullable TranslationHolder self) {
        long start = Paging.floor(gfn, vm.maxLevel());
        long last = Paging.ceil(end, vm.maxLevel());
        long unmapped = s2 == null ? 0 : s2.unmap(gfn, end, detached);
        if (blocked + unmapped != 0 || vm.isWindowed()) {
            // A huge leaf that sticks out of the range went as a whole, so the whole blocks are shot down.
            shootdown(unmapped == 0 ? gfn : start, unmapped == 0 ? end : last, blocked != 0, self);
        }
        detached.freeAll();
        return unmapped;
    }

    private void shootdown(long start, long end, boolean flush, @Nullable TranslationHolder self) {
        if (flush) {
            calls.flush();
            if (kicks) {
                vm.kickAll();
            }
        }
        vm.domain().shootdown(start, end, self);
    }

    /// Splits the huge mappings that stick out of a range, so that what is outside of it stays mapped for the backend.
    void splitEdges(MemoryObject object, long index, long gfn, long end, boolean wasPrivate,
            @Nullable TranslationHolder self) {
        int top = vm.maxLevel();
        int start = Paging.largestAligned(gfn, top);
        splitEdge(object, index, gfn, top, start, wasPrivate, self);
        // What the first edge has split is not split again for the last one.
        int from = top;
        while (from > start && Paging.floor(gfn, from) == Paging.floor(end - 1, from)) {
            from--;
        }
        splitEdge(object, index + (end - 1 - gfn), end - 1, from, Paging.largestAligned(end, top), wasPrivate, self);
    }

    /// Splits the mapping of a page next to an edge, if it is larger than the edge allows.
    ///
    /// @param from the largest level that it can have
    /// @param to the largest level that does not reach over the edge
    private void splitEdge(MemoryObject object, long index, long gfn, int from, int to, boolean wasPrivate,
            @Nullable TranslationHolder self) {
        if (from <= to) {
            return;
        }
        long word = object.folios().get(index);
        if (word >= 0) {
            split(gfn, word, from, to, wasPrivate, self);
        }
    }

    /// Splits the mapping of a page. What the engine's tables map small already stays mapped: only the backend is told.
    ///
    /// @param word the page's folio
    /// @param from the largest level that the mapping can have; the folio may be smaller
    /// @param to the level that it gets
    void split(long gfn, long word, int from, int to, boolean isPrivate, @Nullable TranslationHolder self) {
        int level = Math.min(from, Paging.level(FolioMap.order(word)));
        if (level <= to) {
            return;
        }
        calls.reserveFrames();
        int mapped = mappedLevel(gfn, level);
        if (mapped > to) {
            zap(Paging.floor(gfn, mapped), Paging.floor(gfn, mapped) + Paging.pages(mapped), TableWork.CONVERT,
                    isPrivate, isPrivate, null, self);
        }
        while (level > to) {
            level--;
            calls.split(gfn, FolioMap.pfn(word), level);
            if (level < mapped) {
                SplitEvent.emit(gfn, level);
            }
        }
    }

    /// The level at which a gfn is mapped, at most `level`; 0 if it is not. Where a backend has a half, it may be anything: a
    /// range that changes its kind may begin or end in the middle of a mapping that has the new kind already.
    private int mappedLevel(long gfn, int level) {
        return s2 == null || !ownsAll ? level : Math.min(level, Leaf.level(s2.walk(gfn)));
    }

    /// Takes the small mappings of a block from the engine's tables, so that its next fault maps it as a whole.
    ///
    /// @return whether there were any
    boolean forget(long gfn, int level, @Nullable TranslationHolder self) {
        return isSmall(gfn, level) && clear(gfn, gfn + Paging.pages(level), 0, self) != 0;
    }

    /// Whether the engine's tables have no leaf of a level for a block.
    boolean isSmall(long gfn, int level) {
        return s2 != null && Leaf.level(s2.walk(gfn)) < level;
    }
}
