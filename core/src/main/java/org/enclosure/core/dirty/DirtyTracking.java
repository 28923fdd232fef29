package org.enclosure.core.dirty;

import java.util.Arrays;

import org.enclosure.core.slot.DirtyBitmap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.core.translation.TranslationDomain;
import org.jspecify.annotations.Nullable;

/// The record of a VM's writes. While nothing logs it costs one look at [#isOn()] per fill for writing.
public final class DirtyTracking {
    private final TranslationDomain domain;
    private volatile boolean on;
    private @Nullable RingBuffer[] rings = {};
    private int ringEntries;

    /// Creates a record that is off.
    public DirtyTracking(TranslationDomain domain) {
        this.domain = domain;
    }

    /// Whether something logs. ORDERING: volatile; set before the shootdown that begins a log, read inside of the access mark
    /// after the generation.
    public boolean isOn() {
        return on;
    }

    /// Something begins to log; the caller shoots the translations down that were filled before. Under the mutation lock.
    public void turnOn() {
        on = true;
    }

    // ---- the vCPU's side, inside of the access mark ---------------------------------------------------------------------

    /// A translation for writing comes into a TLB. Allocates nothing.
    ///
    /// @return false if the ring has no room: then the translation must not be used
    public boolean note(SlotTable slots, long gfn, @Nullable RingBuffer ring) {
        SlotEntry slot = slots.find(gfn);
        if (slot == null) {
            return true;
        }
        boolean isPrivate = slot.isPrivate(gfn);
        noteInObject(slot, gfn, isPrivate);
        DirtyBitmap dirty = slot.dirty();
        if (dirty == null || isPrivate) {
            return true;
        }
        long page = gfn - slot.baseGfn();
        if (ring == null) {
            dirty.set(page);
            return true;
        }
        if (dirty.isSet(page)) {
            return true;
        }
        if (!ring.hasRoom()) {
            return false;
        }
        if (dirty.set(page)) {
            ring.push(slot.memslot().id(), page);
        }
        return true;
    }

    private static void noteInObject(SlotEntry slot, long gfn, boolean isPrivate) {
        PageBacking half = slot.half(isPrivate);
        DirtyBitmap writes = half == null ? null : half.object().writes();
        if (half != null && writes != null) {
            writes.set(half.base() + gfn - slot.baseGfn());
        }
    }

    // ---- under the mutation lock ----------------------------------------------------------------------------------------

    /// Marks a range as written, because it changed its kind.
    public void mark(SlotTable slots, long gfn, long npages) {
        if (!on) {
            return;
        }
        int index = Math.max(0, slots.indexAtOrBefore(gfn));
        for (; index < slots.size() && slots.entry(index).baseGfn() < gfn + npages; index++) {
            SlotEntry slot = slots.entry(index);
            long start = Math.max(gfn, slot.baseGfn()) - slot.baseGfn();
            long end = Math.min(gfn + npages, slot.endGfn()) - slot.baseGfn();
            if (start < end) {
                mark(slot, start, end);
            }
        }
    }

    private static void mark(SlotEntry slot, long start, long end) {
        if (slot.dirty() != null) {
            slot.dirty().marks().set(start, end);
        }
        markObject(slot.half(true), start, end);
        if (!slot.isInPlace()) {
            markObject(slot.half(false), start, end);
        }
    }

    private static void markObject(@Nullable PageBacking half, long start, long end) {
        DirtyBitmap writes = half == null ? null : half.object().writes();
        if (half != null && writes != null) {
            writes.set(half.base() + start, half.base() + end);
        }
    }

    /// Marks pages of a store as written, bound or not.
    public void mark(MemoryObject store, long start, long end) {
        DirtyBitmap writes = store.writes();
        if (writes != null) {
            writes.set(start, end);
        }
    }

    /// Reports everything that was written and starts it anew; when this returns, all reported writes are in memory.
    public void fetchAndClear(SlotTable slots, DirtySink sink) {
        boolean any = false;
        for (int i = 0; i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            long pages = slot.endGfn() - slot.baseGfn();
            any |= slot.dirty() != null && fetch(slot.dirty().marks(), 0, pages, slot.baseGfn(), sink);
            any |= fetchObject(slot, slot.half(true), sink);
            any |= !slot.isInPlace() && fetchObject(slot, slot.half(false), sink);
        }
        if (any) {
            domain.shootdown(0, Long.MAX_VALUE, null);
        }
    }

    private static boolean fetchObject(SlotEntry slot, @Nullable PageBacking half, DirtySink sink) {
        DirtyBitmap writes = half == null ? null : half.object().writes();
        return half != null && writes != null && fetch(writes, half.base(),
                half.base() + slot.endGfn() - slot.baseGfn(), slot.baseGfn() - half.base(), sink);
    }

    private static boolean fetch(DirtyBitmap bits, long start, long end, long shift, DirtySink sink) {
        boolean any = false;
        for (long page = start; page < end;) {
            long next = Math.min(end, (page | Long.SIZE - 1) + 1);
            long wanted = -1L << page & -1L >>> Long.SIZE - 1 - (int) (next - 1 & Long.SIZE - 1);
            long taken = bits.take((int) (page >>> 6), wanted);
            long base = page & -Long.SIZE;
            while (taken != 0) {
                int from = Long.numberOfTrailingZeros(taken);
                int count = Long.numberOfTrailingZeros(~(taken >>> from));
                sink.dirty(base + from + shift, count);
                taken = from + count == Long.SIZE ? 0 : taken & -1L << from + count;
                any = true;
            }
            page = next;
        }
        return any;
    }

    // ---- rings ----------------------------------------------------------------------------------------------------------

    /// A record for a slot that begins to log.
    public DirtyBitmap newBitmap(long pages) {
        return hasRings() ? new DirtyBitmap(pages, new DirtyBitmap(pages)) : new DirtyBitmap(pages);
    }

    /// Whether writes go to rings.
    public boolean hasRings() {
        return ringEntries != 0;
    }

    /// From now on every vCPU that is created gets a ring.
    public void useRings(int entries) {
        ringEntries = entries;
    }

    /// The ring for a vCPU's place, or null without ring mode. A place keeps its ring over its vCPUs.
    public synchronized @Nullable RingBuffer ringOf(int vcpu) {
        if (ringEntries == 0) {
            return null;
        }
        if (vcpu >= rings.length) {
            rings = Arrays.copyOf(rings, vcpu + 1);
        }
        RingBuffer ring = rings[vcpu];
        if (ring == null) {
            ring = new RingBuffer(ringEntries);
            rings[vcpu] = ring;
        }
        return ring;
    }

    /// The ring of a vCPU's place, or null if there is none.
    public synchronized @Nullable RingBuffer findRing(int vcpu) {
        return vcpu >= 0 && vcpu < rings.length ? rings[vcpu] : null;
    }

    /// Starts the harvested pages of all rings anew and makes room for as many.
    public synchronized int resetRings(SlotTable slots) {
        int count = 0;
        long[] upTo = new long[rings.length];
        for (int i = 0; i < rings.length; i++) {
            RingBuffer ring = rings[i];
            if (ring != null) {
                upTo[i] = ring.resetTo();
                count += clearHarvested(ring, upTo[i], slots);
            }
        }
        if (count > 0) {
            domain.shootdown(0, Long.MAX_VALUE, null);
        }
        for (int i = 0; i < rings.length; i++) {
            RingBuffer ring = rings[i];
            if (ring != null) {
                ring.reset(upTo[i]);
            }
        }
        return count;
    }

    private static int clearHarvested(RingBuffer ring, long upTo, SlotTable slots) {
        for (long at = ring.resetFrom(); at < upTo; at++) {
            long entry = ring.entry(at);
            SlotEntry slot = slots.byId(RingBuffer.slot(entry));
            DirtyBitmap dirty = slot == null ? null : slot.dirty();
            if (dirty != null && RingBuffer.page(entry) < dirty.pages()) {
                dirty.clear(RingBuffer.page(entry));
            }
        }
        return (int) (upTo - ring.resetFrom());
    }
}
