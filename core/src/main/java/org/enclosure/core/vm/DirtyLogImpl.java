package org.enclosure.core.vm;

import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.dirty.DirtyLog;
import org.enclosure.api.dirty.DirtyRing;
import org.enclosure.api.slot.Memslots;
import org.enclosure.core.dirty.DirtyTracking;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.DirtyBitmap;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.spi.FrameCache;

/// The dirty log's checks, in KVM's order, and its modes. Everything happens under the mutation lock.
final class DirtyLogImpl implements DirtyLog {
    private final VmCore vm;
    private final Places places;
    private final DirtyTracking tracking;
    private final ReentrantLock mutation;
    private boolean manual;
    private boolean initiallySet;

    DirtyLogImpl(VmCore vm, Places places) {
        this.vm = vm;
        this.places = places;
        tracking = vm.dirty();
        mutation = vm.mutation();
    }

    /// Whether a slot that begins to log counts as written. Under the mutation lock.
    boolean isInitiallySet() {
        return initiallySet;
    }

    @Override
    public void enableManualProtect(boolean setsInitially) {
        mutation.lock();
        try {
            vm.checkOpen();
            manual = true;
            initiallySet = setsInitially;
        } finally {
            mutation.unlock();
        }
    }

    @Override
    public void enableRing(int entries) {
        if (Integer.bitCount(entries) != 1 || entries < MIN_RING) {
            throw new GuestMemoryException(Errno.EINVAL, "a dirty ring of " + entries
                    + " entries; legal is a power of two from " + MIN_RING + " to " + MAX_RING);
        }
        if (entries > MAX_RING) {
            throw new GuestMemoryException(Errno.E2BIG,
                    "a dirty ring of " + entries + " entries; the most are " + MAX_RING);
        }
        mutation.lock();
        try {
            vm.checkOpen();
            if (tracking.hasRings() || places.hasBeenTaken()) {
                throw new GuestMemoryException(Errno.EINVAL,
                        tracking.hasRings() ? "the rings are on"
                                : "rings are turned on before the first vCPU is created");
            }
            tracking.useRings(entries);
        } finally {
            mutation.unlock();
        }
    }

    @Override
    public void get(int slot, long[] bitmap) {
        mutation.lock();
        try {
            vm.checkOpen();
            checkBitmaps(slot);
            SlotEntry entry = find(slot);
            DirtyBitmap dirty = bitmapOf(slot, entry);
            checkLength(bitmap, dirty.pages());
            boolean any = false;
            for (int i = 0; i < dirty.words(); i++) {
                bitmap[i] = manual ? dirty.word(i) : dirty.take(i, -1);
                any |= bitmap[i] != 0;
            }
            if (any && !manual) {
                vm.domain().shootdown(entry.baseGfn(), entry.endGfn(), null);
            }
        } finally {
            mutation.unlock();
        }
    }

    @Override
    public void clear(int slot, long firstPage, long pages, long[] bitmap) {
        mutation.lock();
        try {
            vm.checkOpen();
            checkBitmaps(slot);
            if ((firstPage & Long.SIZE - 1) != 0 || firstPage < 0) {
                throw new GuestMemoryException(Errno.EINVAL, "first page " + firstPage + " is not a multiple of 64");
            }
            SlotEntry entry = find(slot);
            DirtyBitmap dirty = bitmapOf(slot, entry);
            checkRange(firstPage, pages, dirty.pages());
            checkLength(bitmap, pages);
            if (initiallySet) {
                split(entry.baseGfn() + firstPage, entry.baseGfn() + firstPage + pages);
            }
            if (take(dirty, (int) (firstPage >>> 6), pages, bitmap)) {
                vm.domain().shootdown(entry.baseGfn() + firstPage, entry.baseGfn() + firstPage + pages, null);
            }
        } finally {
            mutation.unlock();
        }
    }

    private static boolean take(DirtyBitmap dirty, int firstWord, long pages, long[] bitmap) {
        boolean any = false;
        int words = (int) (pages + Long.SIZE - 1 >>> 6);
        for (int i = 0; i < words; i++) {
            bitmap[i] = dirty.take(firstWord + i, bitmap[i]);
            any |= bitmap[i] != 0;
        }
        return any;
    }

    private void checkBitmaps(int slot) {
        if (tracking.hasRings()) {
            throw new GuestMemoryException(Errno.ENXIO, "the dirty log is in rings; harvest those instead of bitmaps");
        }
        if (slot < 0 || slot >= Memslots.MAX_SLOTS) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "slot " + slot + "; ids go from 0 to " + (Memslots.MAX_SLOTS - 1));
        }
    }

    private SlotEntry find(int slot) {
        SlotEntry entry = vm.slots().byId(slot);
        if (entry == null) {
            throw new GuestMemoryException(Errno.ENOENT, "there is no slot " + slot);
        }
        return entry;
    }

    private static DirtyBitmap bitmapOf(int slot, SlotEntry entry) {
        DirtyBitmap dirty = entry.dirty();
        if (dirty == null) {
            throw new GuestMemoryException(Errno.ENOENT, "slot " + slot + " does not log");
        }
        return dirty;
    }

    private static void checkRange(long firstPage, long pages, long all) {
        boolean endsWithSlot = firstPage <= all && pages == all - firstPage;
        if (pages <= 0 || firstPage > all || pages > all - firstPage || (pages & Long.SIZE - 1) != 0 && !endsWithSlot) {
            throw new GuestMemoryException(Errno.EINVAL, "page " + firstPage + ", " + pages
                    + " pages; legal is a multiple of 64, or up to the end of the slot at page " + all);
        }
    }

    static void checkLength(long[] bitmap, long pages) {
        if (bitmap.length < pages + Long.SIZE - 1 >>> 6) {
            throw new GuestMemoryException(Errno.EFAULT,
                    "a bitmap of " + bitmap.length + " words for " + pages + " pages; one bit a page is needed");
        }
    }

    /// Splits huge mappings, as far as the engine has them and there are frames; the log does not depend on it.
    void split(long gfn, long end) {
        S2Table s2 = vm.s2();
        if (s2 == null || !vm.traits().engineOwns(false)) {
            return;
        }
        FrameCache frames = new FrameCache(2);
        for (int level = Paging.LEVEL_1G; level > Paging.LEVEL_4K; level--) {
            for (long at = Paging.floor(gfn, level); at < end && at < s2.gfnLimit(); at += Paging.pages(level)) {
                if (vm.host().topUp(frames, 1)) {
                    s2.splitLeaf(at, level, frames);
                }
            }
        }
        vm.host().drain(frames);
    }

    @Override
    public DirtyRing ring(int vcpu) {
        checkRings();
        DirtyRing ring = tracking.findRing(vcpu);
        if (ring == null) {
            throw new GuestMemoryException(Errno.ENOENT, "there is no vCPU " + vcpu);
        }
        return ring;
    }

    private void checkRings() {
        vm.checkOpen();
        if (!tracking.hasRings()) {
            throw new GuestMemoryException(Errno.ENXIO,
                    "the dirty log is in bitmaps; rings are enabled before the first vCPU");
        }
    }

    @Override
    public int resetRings() {
        mutation.lock();
        try {
            vm.checkOpen();
            checkRings();
            return tracking.resetRings(vm.slots());
        } finally {
            mutation.unlock();
        }
    }
}
