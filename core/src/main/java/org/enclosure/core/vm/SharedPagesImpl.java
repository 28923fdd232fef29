package org.enclosure.core.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.PageRange;
import org.enclosure.api.vm.SharedPages;
import org.enclosure.core.convert.ConversionBatch;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.PinCheck;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Status;

/// The list of shared pages, made when it is asked for: there is no second record that could differ from the kinds.
final class SharedPagesImpl implements SharedPages {
    private final VmCore vm;
    private final ConversionEngine engine;
    private final ReentrantLock mutation;
    private final FaultDetail detail = new FaultDetail();
    private final LongAdder walked = new LongAdder();

    SharedPagesImpl(VmCore vm, ConversionEngine engine) {
        this.vm = vm;
        this.engine = engine;
        mutation = vm.mutation();
    }

    private void checkOffered() {
        vm.checkOpen();
        if (!vm.policies().keepsList() && !vm.policies().walksTables()) {
            throw new GuestMemoryException(Errno.ENOTTY,
                    "with the policy status=exit the VMM keeps the list of shared pages");
        }
    }

    @Override
    public List<PageRange> get() {
        checkOffered();
        mutation.lock();
        try {
            return collect();
        } finally {
            mutation.unlock();
        }
    }

    /// The shared ranges; the caller holds the mutation lock.
    List<PageRange> collect() {
        MergedRanges ranges = new MergedRanges();
        for (SlotEntry slot : vm.slots().entries()) {
            for (long gfn = slot.baseGfn(); gfn < slot.endGfn();) {
                long end = kindEnd(slot, gfn, slot.endGfn());
                if (!slot.isPrivate(gfn)) {
                    addShared(ranges, slot, gfn, end);
                }
                gfn = end;
            }
        }
        return ranges.list();
    }

    private static long kindEnd(SlotEntry slot, long gfn, long limit) {
        if (slot.attributes() == null) {
            return limit;
        }
        long index = slot.attributeIndex(gfn);
        return gfn + slot.attributes().runEnd(index, index + limit - gfn) - index;
    }

    private void addShared(MergedRanges ranges, SlotEntry slot, long start, long end) {
        PageBacking half = slot.half(false);
        if (!vm.policies().walksTables() || half == null) {
            ranges.add(start, end);
            return;
        }
        for (long gfn = start; gfn < end; gfn++) {
            if (!isKeptFromHost(half.folios().get(half.base() + gfn - slot.baseGfn()))) {
                ranges.add(gfn, gfn + 1);
            }
        }
    }

    /// What the architecture's tables say of a page that the kinds call shared; they know nothing of a page without a frame.
    private boolean isKeptFromHost(long word) {
        if (word < 0) {
            return false;
        }
        walked.increment();
        long status = vm.host().platform().hostAccess(FolioMap.pfn(word), Access.READ, detail);
        return status < 0 || Status.has(status, Status.JUNK) || Status.has(status, Status.POISONED);
    }

    @Override
    public long walkedPages() {
        return walked.sum();
    }

    // ---- set ------------------------------------------------------------------------------------------------------------

    @Override
    public void set(List<PageRange> shared) {
        checkOffered();
        shared.forEach(range -> GuestRange.check(range.gpa(), range.bytes(), vm.gfnLimit()));
        List<PageRange> wanted = MergedRanges.union(shared);
        List<PageRange> toPrivate = new ArrayList<>();
        List<PageRange> toShared = new ArrayList<>();
        mutation.lock();
        try {
            vm.slots().entries().forEach(slot -> split(slot, wanted, toPrivate, toShared));
            toPrivate.forEach(this::checkFree);
        } finally {
            mutation.unlock();
        }
        convert(toPrivate, true);
        convert(toShared, false);
    }

    /// What has to change in one slot.
    private static void split(SlotEntry slot, List<PageRange> wanted, List<PageRange> toPrivate,
            List<PageRange> toShared) {
        long at = slot.baseGfn();
        for (PageRange range : wanted) {
            long start = Math.clamp(range.gpa() >>> Paging.PAGE_SHIFT, at, slot.endGfn());
            long end = Math.clamp(range.gpa() + range.bytes() >>> Paging.PAGE_SHIFT, at, slot.endGfn());
            changes(slot, at, start, true, toPrivate);
            changes(slot, start, end, false, toShared);
            at = Math.max(at, end);
        }
        changes(slot, at, slot.endGfn(), true, toPrivate);
    }

    private static void changes(SlotEntry slot, long start, long end, boolean isPrivate, List<PageRange> into) {
        if (slot.half(true) == null) {
            return;
        }
        MergedRanges ranges = new MergedRanges();
        for (long gfn = start; gfn < end;) {
            long runEnd = kindEnd(slot, gfn, end);
            if (slot.isPrivate(gfn) != isPrivate) {
                ranges.add(gfn, runEnd);
            }
            gfn = runEnd;
        }
        into.addAll(ranges.list());
    }

    private void checkFree(PageRange range) {
        long gfn = range.gpa() >>> Paging.PAGE_SHIFT;
        SlotEntry slot = vm.slots().find(gfn);
        PageBacking half = slot == null || !slot.isInPlace() ? null : slot.half(false);
        if (slot != null && half != null) {
            PinCheck.check(half.object(), half.base() + gfn - slot.baseGfn(), range.bytes() >>> Paging.PAGE_SHIFT, gfn,
                    "become private");
        }
    }

    private void convert(List<PageRange> ranges, boolean toPrivate) {
        ConversionBatch batch = new ConversionBatch(engine, toPrivate);
        ranges.forEach(range -> batch.add(range.gpa(), range.bytes()));
        batch.run();
    }
}
