package org.enclosure.core.vm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.MemoryAttributes;
import org.enclosure.api.vm.PageReport;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.TableWork;

/// The state of pages, for people and tests, and KVM's call that sets their kinds.
final class PageReports implements MemoryAttributes {
    private final VmCore vm;
    private final List<String> states;
    private final ConversionServiceImpl conversions;

    PageReports(VmCore vm, List<String> states, ConversionServiceImpl conversions) {
        this.vm = vm;
        this.conversions = conversions;
        this.states = states;
    }

    @Override
    public MemoryKind kind(long gpa) {
        long gfn = gfn(gpa);
        return locked(() -> kindAt(gfn));
    }

    /// Under the mutation lock, what is looked at is not closed meanwhile.
    private <T> T locked(Supplier<T> read) {
        vm.mutation().lock();
        try {
            vm.checkOpen();
            return read.get();
        } finally {
            vm.mutation().unlock();
        }
    }

    private MemoryKind kindAt(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        return MemoryKind.of(slot == null ? vm.isPrivateWithoutSlot(gfn) : slot.isPrivate(gfn));
    }

    @Override
    public void set(long gpa, long bytes, MemoryKind kind) {
        conversions.setAttributes(gpa, bytes, kind);
    }

    @Override
    public boolean isUniform(long gpa, long bytes, MemoryKind kind) {
        GuestRange.check(gpa, bytes, vm.gfnLimit());
        return locked(() -> isUniformBetween(gpa >>> Paging.PAGE_SHIFT, gpa + bytes >>> Paging.PAGE_SHIFT, kind));
    }

    private boolean isUniformBetween(long start, long end, MemoryKind kind) {
        SlotTable slots = vm.slots();
        for (long gfn = start; gfn < end;) {
            SlotEntry slot = slots.find(gfn);
            if (slot == null) {
                long holeEnd = slots.holeEnd(gfn, end);
                if (!vm.isUniformWithoutSlot(gfn, holeEnd, kind.isPrivate())) {
                    return false;
                }
                gfn = holeEnd;
                continue;
            }
            long last = Math.min(end, slot.endGfn());
            if (slot.attributes() == null ? kind.isPrivate()
                    : !slot.attributes().isUniform(slot.attributeIndex(gfn), slot.attributeIndex(last),
                            kind.isPrivate())) {
                return false;
            }
            gfn = last;
        }
        return true;
    }

    private long gfn(long gpa) {
        if (gpa < 0 || gpa >>> Paging.PAGE_SHIFT >= vm.gfnLimit()) {
            throw new GuestMemoryException(Errno.EINVAL, "gpa 0x" + Long.toHexString(gpa) + " has to lie below 0x"
                    + Long.toHexString(vm.gfnLimit() << Paging.PAGE_SHIFT));
        }
        return gpa >>> Paging.PAGE_SHIFT;
    }

    PageReport inspect(long gpa) {
        long gfn = gfn(gpa);
        return locked(() -> inspectAt(gfn));
    }

    private PageReport inspectAt(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        boolean isPrivate = slot == null ? vm.isPrivateWithoutSlot(gfn) : slot.isPrivate(gfn);
        long word = slot == null ? FolioMap.HOLE : word(slot, gfn, isPrivate);
        long pfn = word < 0 ? -1 : FolioMap.pfn(word);
        return new PageReport(gfn << Paging.PAGE_SHIFT, MemoryKind.of(isPrivate), state(gfn, pfn, isPrivate, newWork()),
                pfn < 0 ? -1 : pfn << Paging.PAGE_SHIFT, word < 0 ? 0 : FolioMap.order(word));
    }

    private static long word(SlotEntry slot, long gfn, boolean isPrivate) {
        PageBacking half = slot.half(isPrivate);
        return half == null ? FolioMap.HOLE : half.folios().get(half.base() + gfn - slot.baseGfn());
    }

    private static TableWork newWork() {
        return new TableWork(new FrameCache(0));
    }

    private String state(long gfn, long pfn, boolean isPrivate, TableWork work) {
        return states.get(stateIndex(gfn, pfn, isPrivate, work));
    }

    private int stateIndex(long gfn, long pfn, boolean isPrivate, TableWork work) {
        work.reset(TableWork.FAULT, isPrivate ? Access.PRIVATE | Access.READ : Access.READ);
        long index = vm.table().inspect(gfn, pfn, work);
        if (index < 0 || index >= states.size()) {
            throw new GuestMemoryException(Errno.EIO, "plugin " + vm.host().architecture() + " answered state " + index
                    + " for gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT) + "; its type has " + states.size()
                    + " states");
        }
        return (int) index;
    }

    /// Counts all pages of all slots; states that no page has are left out.
    Map<String, Long> pagesByState() {
        return locked(this::countStates);
    }

    private Map<String, Long> countStates() {
        long[] counts = new long[states.size()];
        TableWork work = newWork();
        for (SlotEntry slot : vm.slots().entries()) {
            for (long gfn = slot.baseGfn(); gfn < slot.endGfn();) {
                gfn += countRun(slot, gfn, counts, work);
            }
        }
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                map.put(states.get(i), counts[i]);
            }
        }
        return map;
    }

    /// Counts one page, or a stretch of pages that are alike because nothing is there and the backend keeps no table for them.
    ///
    /// @return how many pages were counted
    private long countRun(SlotEntry slot, long gfn, long[] counts, TableWork work) {
        boolean isPrivate = slot.isPrivate(gfn);
        long word = word(slot, gfn, isPrivate);
        long pages = word == FolioMap.HOLE && vm.traits().engineOwns(isPrivate) ? holes(slot, gfn, isPrivate) : 1;
        counts[stateIndex(gfn, word < 0 ? -1 : FolioMap.pfn(word), isPrivate, work)] += pages;
        return pages;
    }

    private static long holes(SlotEntry slot, long gfn, boolean isPrivate) {
        long pages = slot.endGfn() - gfn;
        if (slot.attributes() != null) {
            long first = slot.attributeIndex(gfn);
            pages = slot.attributes().runEnd(first, first + pages) - first;
        }
        PageBacking half = slot.half(isPrivate);
        if (half == null) {
            return pages;
        }
        long index = half.base() + gfn - slot.baseGfn();
        return half.folios().nextPresent(index, index + pages) - index;
    }
}
