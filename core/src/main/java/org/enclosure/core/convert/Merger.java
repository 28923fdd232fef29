package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.TranslationHolder;
import org.jspecify.annotations.Nullable;

/// Makes huge pages again of what a change has made uniform. Used under the mutation lock, inside of begin .. end, whose range
/// is rounded out to the largest block.
///
/// A change cuts at most the blocks at its two ends: all others were of one kind before, or are covered by it.
final class Merger {
    private final VmCore vm;
    private final Zapper zapper;

    Merger(VmCore vm, Zapper zapper) {
        this.vm = vm;
        this.zapper = zapper;
    }

    /// Merges the blocks at the ends of the parts that have the kind `isPrivate` now.
    void merge(PartList parts, boolean isPrivate, @Nullable TranslationHolder self) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.isBound() && part.isInPlace()) {
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
                mergeBlock(first, level, isPrivate, self);
            }
            if (first < last && last + Paging.pages(level) > end) {
                mergeBlock(last, level, isPrivate, self);
            }
        }
    }

    private void mergeBlock(long gfn, int level, boolean isPrivate, @Nullable TranslationHolder self) {
        SlotEntry slot = vm.slots().find(gfn);
        PageBacking half = slot == null ? null : slot.half(isPrivate);
        if (slot == null || half == null || slot.mappingLevel(gfn, half, level) < level) {
            return;
        }
        FolioMap folios = half.folios();
        long index = half.base() + gfn - slot.baseGfn();
        long word = folios.get(index);
        if (word >= 0 && (Paging.level(FolioMap.order(word)) >= level || folios.merge(index, Paging.order(level)))) {
            zapper.forget(gfn, level, self);
        }
    }
}
