package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// Makes huge pages again of what has become uniform: the folio, if its frames are one block still, and the mapping. Used under the
/// mutation lock.
///
/// A change cuts at most the blocks at its two ends: all others were of one kind before, or are covered by it. What cannot be
/// merged then, because pages of the block are not in the tables yet or the guest has not accepted them, is found by
/// [#mergeSome(long, int)].
final class Merger {
    private static final int BATCH = 64;

    private final VmCore vm;
    private final Zapper zapper;
    private final TableCalls calls;
    private final boolean backendMerges;
    private long merged;

    Merger(VmCore vm, Zapper zapper, TableCalls calls) {
        this.vm = vm;
        this.zapper = zapper;
        this.calls = calls;
        backendMerges = vm.traits().has(VmTrait.MERGES);
    }

    /// Merges the blocks at the ends of the parts that have the kind `isPrivate` now. Inside of begin .. end, whose range is
    /// rounded out to the largest block.
    void merge(PartList parts, boolean isPrivate, @Nullable TranslationHolder self) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.isBound()) {
                merge(part.gfn, part.endGfn(), isPrivate, self);
            }
        }
    }

    private void merge(long gfn, long end, boolean isPrivate, @Nullable TranslationHolder self) {
        for (int level = Paging.LEVEL_2M; level <= vm.maxLevel(); level++) {
            long first = Paging.floor(gfn, level);
            long last = Paging.floor(end - 1, level);
            boolean firstIsCut = first < gfn || first == last && first + Paging.pages(level) > end;
            if (firstIsCut) {
                mergeBlock(first, level, gfn, isPrivate, self);
            }
            if (first < last && last + Paging.pages(level) > end) {
                mergeBlock(last, level, last, isPrivate, self);
            }
        }
    }

    /// Merges blocks of a level, each in an invalidation of its own: only so many under one hold of the mutation lock, so that
    /// conversions need not wait for all.
    ///
    /// @param from the gfn to look from
    /// @return the gfn to go on from, or -1 if there are no more
    long mergeSome(long from, int level) {
        SlotTable slots = vm.slots();
        long at = from;
        for (int left = BATCH; left > 0; left--) {
            long block = nextBlock(slots, at, level);
            if (block < 0) {
                return -1;
            }
            if (mergeAlone(slots.find(block), block, level)) {
                merged++;
            }
            at = block + Paging.pages(level);
        }
        return at;
    }

    /// The first block from a gfn on that lies in one slot, or -1.
    private static long nextBlock(SlotTable slots, long from, int level) {
        for (int i = Math.max(0, slots.indexAtOrBefore(from)); i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            long first = Paging.ceil(Math.max(from, slot.baseGfn()), level);
            if (first + Paging.pages(level) <= slot.endGfn()) {
                return first;
            }
        }
        return -1;
    }

    /// How many blocks [#mergeSome] has merged since this was asked last.
    long takeMerged() {
        long count = merged;
        merged = 0;
        return count;
    }

    private boolean mergeAlone(@Nullable SlotEntry slot, long gfn, int level) {
        boolean isPrivate = slot != null && slot.isPrivate(gfn);
        PageBacking half = slot == null ? null : slot.half(isPrivate);
        if (slot == null || half == null || half.folios().get(half.base() + gfn - slot.baseGfn()) < 0
                || !mayBeSmall(gfn, level, isPrivate)) {
            return false;
        }
        vm.domain().begin(gfn, gfn + Paging.pages(level));
        try {
            vm.domain().drain();
            return mergeBlock(gfn, level, gfn, isPrivate, null);
        } finally {
            vm.domain().end();
        }
    }

    /// A look without an invalidation, which would make faults of all pages try again.
    private boolean mayBeSmall(long gfn, int level, boolean isPrivate) {
        return vm.traits().engineOwns(isPrivate) ? zapper.isSmall(gfn, level) : backendMerges;
    }

    private boolean mergeBlock(long gfn, int level, long probe, boolean isPrivate, @Nullable TranslationHolder self) {
        SlotEntry slot = vm.slots().find(gfn);
        PageBacking half = slot == null ? null : slot.half(isPrivate);
        if (slot == null || half == null || slot.mappingLevel(gfn, half, level) < level) {
            return false;
        }
        long index = half.base() + gfn - slot.baseGfn();
        long word = half.folios().get(index);
        boolean isEngines = vm.traits().engineOwns(isPrivate);
        if (word < 0 || !isEngines && !isUniformInTables(gfn, FolioMap.pfn(word), level, probe, isPrivate)
                || Paging.level(FolioMap.order(word)) < level && !mergeFolio(half, index, level)) {
            return false;
        }
        return isEngines ? zapper.forget(gfn, level, self)
                : mergeInTables(gfn, FolioMap.pfn(word), level, isPrivate, self);
    }

    /// As long as a block stays in pieces in a backend's tables, its folio does too: the next change of a page in it then has
    /// nothing to split, and leaves the neighbours mapped.
    private boolean isUniformInTables(long gfn, long pfn, int level, long probe, boolean isPrivate) {
        return backendMerges && calls.isUniform(gfn, pfn, level, probe, isPrivate);
    }

    /// Host memory is changed under another lock than the one that is held here.
    private boolean mergeFolio(PageBacking half, long index, int level) {
        return half.object().lock().isHeldByCurrentThread() && half.folios().merge(index, Paging.order(level));
    }

    private boolean mergeInTables(long gfn, long pfn, int level, boolean isPrivate,
            @Nullable TranslationHolder self) {
        if (!calls.merge(gfn, pfn, level, isPrivate)) {
            return false;
        }
        vm.domain().shootdown(gfn, gfn + Paging.pages(level), self);
        calls.returnFrames();
        return true;
    }
}
