package org.enclosure.core.vm;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.MemoryStats;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.folio.FolioSource;
import org.enclosure.core.hostside.MappableStore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameBudget;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HugePool;
import org.enclosure.core.mem.HugeShare;
import org.enclosure.core.slot.DirtyBitmap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// A gmem store: the public face of a memory object that belongs to a VM.
public final class StoreImpl implements GuestMemoryStore, MappableStore {
    private final VmImpl vm;
    private final VmCore core;
    private final long size;
    private final Set<StoreFlag> flags;
    private final StoreKind kind;
    private final @Nullable HugeShare pool;
    private final @Nullable FrameBudget budget;
    private final boolean hasLimit;
    private final MemoryObject object;
    private volatile boolean closed;

    StoreImpl(VmImpl vm, StoreOptions options) {
        this.vm = vm;
        core = vm.core();
        checkFlags(options.flags());
        checkSize(options);
        size = options.bytes();
        kind = options.kind();
        flags = options.flags().isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(options.flags()));
        FrameBudget all = vm.budget();
        budget = options.limitBytes() == 0 ? all : new FrameBudget(all, options.limitBytes() >>> Paging.PAGE_SHIFT);
        hasLimit = options.limitBytes() != 0;
        long pages = size >>> Paging.PAGE_SHIFT;
        DirtyBitmap log = core.policies().logsStores() ? newLog(pages) : null;
        pool = reserve(core.host().pool(kind));
        boolean startsPrivate = core.policies().isSplit() && !core.policies().hasTwoStores()
                || !flags.contains(StoreFlag.INIT_SHARED);
        FolioMap folios = new FolioMap(pages, new FolioSource(core.host().frames(), pool, budget));
        object = new MemoryObject(folios, pages, new AttributeMap(pages, startsPrivate), core.mutation());
        if (log != null) {
            object.logWrites(log);
            core.dirty().turnOn();
        }
    }

    private static void checkSize(StoreOptions options) {
        long page = options.kind().pageBytes();
        if (options.bytes() <= 0 || (options.bytes() & page - 1) != 0) {
            throw new GuestMemoryException(Errno.EINVAL, "store of 0x" + Long.toHexString(options.bytes())
                    + " bytes; legal is a positive multiple of " + page);
        }
        if (options.limitBytes() < 0 || !Paging.isPageAligned(options.limitBytes())) {
            throw new GuestMemoryException(Errno.EINVAL, "store with a limit of " + options.limitBytes()
                    + " bytes; legal is a multiple of 4096, 0 for none");
        }
    }

    private @Nullable HugeShare reserve(@Nullable HugePool from) {
        HugeShare share = from == null ? null : from.reserve(size / kind.pageBytes());
        if (from != null && share == null) {
            throw new GuestMemoryException(Errno.ENOMEM, "the host's pool has not " + size / kind.pageBytes()
                    + " pages of the kind " + kind + " that are not set aside");
        }
        return share;
    }

    private static DirtyBitmap newLog(long pages) {
        try {
            return new DirtyBitmap(pages);
        } catch (ArithmeticException | OutOfMemoryError e) {
            throw new GuestMemoryException(Errno.ENOMEM, "no memory for a dirty log of " + pages + " pages");
        }
    }

    private void checkFlags(Set<StoreFlag> wanted) {
        Set<StoreFlag> legal = core.policies().profile().storeFlags(core.traits().has(VmTrait.PRIVATE_MEMORY));
        if (!legal.containsAll(wanted)) {
            throw new GuestMemoryException(Errno.EINVAL, "store with the flags " + wanted + "; legal for VM type "
                    + vm.type() + " in profile " + core.policies().values().get(PolicyKey.PROFILE) + ": " + legal);
        }
    }

    @Override
    public MemoryObject object() {
        return object;
    }

    /// The VM that it belongs to.
    VmImpl vm() {
        return vm;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    private void checkOpen() {
        if (closed) {
            throw new GuestMemoryException(Errno.EBADF, "the store is closed");
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Set<StoreFlag> flags() {
        return flags;
    }

    @Override
    public void allocate(long offset, long bytes) {
        checkOpen();
        GuestRange.checkFileRange("allocate", offset, bytes);
        GuestRange.checkWithin("allocate", offset, bytes, size);
        long end = offset + bytes >>> Paging.PAGE_SHIFT;
        FrameMagazine magazine = new FrameMagazine(core.host().frames());
        core.mutation().lock();
        try {
            checkOpen();
            for (long page = offset >>> Paging.PAGE_SHIFT; page < end;) {
                checkNotInterrupted(page);
                page = allocateAt(page, end, magazine);
            }
        } finally {
            magazine.drain();
            core.mutation().unlock();
        }
    }

    /// Allocates all pages of a range or none: a slot that cannot be filled is not created. The caller holds the VM's lock.
    void allocateAll(long offset, long bytes) {
        long end = offset + bytes >>> Paging.PAGE_SHIFT;
        List<long[]> holes = holes(offset >>> Paging.PAGE_SHIFT, end);
        try {
            allocate(offset, bytes);
        } catch (GuestMemoryException e) {
            holes.forEach(hole -> vm.changes().punch(object, hole[0], hole[1]));
            throw e;
        }
    }

    private List<long[]> holes(long start, long end) {
        List<long[]> holes = new ArrayList<>();
        for (long at = start; at < end;) {
            long present = object.folios().nextPresent(at, end);
            if (present > at) {
                holes.add(new long[] {at, present});
            }
            at = present < end ? object.folios().runEnd(present, end) : end;
        }
        return holes;
    }

    private static void checkNotInterrupted(long page) {
        if (Thread.currentThread().isInterrupted()) {
            throw new GuestMemoryException(Errno.EINTR, "allocate was interrupted at offset 0x"
                    + Long.toHexString(page << Paging.PAGE_SHIFT) + "; the pages before it stay");
        }
    }

    private long allocateAt(long page, long end, FrameMagazine magazine) {
        int level = core.maxLevel();
        while (level > Paging.LEVEL_4K && !(Paging.isAligned(page, level) && page + Paging.pages(level) <= end)) {
            level--;
        }
        long word = object.folios().get(page);
        if (word == FolioMap.HOLE) {
            word = object.folios().resolve(page, Paging.order(level), core.zeroes(object.isPrivate(page)), magazine);
        }
        if (word == FolioMap.NO_MEMORY) {
            throw new GuestMemoryException(Errno.ENOMEM, "the host is out of frames at offset 0x"
                    + Long.toHexString(page << Paging.PAGE_SHIFT));
        }
        if (word < 0) {
            Thread.onSpinWait();
            return page;
        }
        int order = FolioMap.order(word);
        return (page >>> order) + 1 << order;
    }

    @Override
    public void punchHole(long offset, long bytes) {
        checkOpen();
        GuestRange.checkFileRange("punchHole", offset, bytes);
        GuestRange.checkAligned("punchHole", offset, bytes);
        if (offset >= size) {
            return;
        }
        long end = Math.min(size, bytes > size - offset ? size : offset + bytes);
        vm.changes().punch(object, offset >>> Paging.PAGE_SHIFT, end >>> Paging.PAGE_SHIFT);
    }

    @Override
    public void convert(long offset, long bytes, MemoryKind target) {
        checkOpen();
        Doors.checkStore(core.policies());
        GuestRange.checkWithin("convert", offset, bytes, size);
        if (target.isPrivate() && !core.traits().has(VmTrait.PRIVATE_MEMORY)) {
            throw new GuestMemoryException(Errno.EINVAL, "VM type " + vm.type() + " has no private memory");
        }
        RequestView view = new RequestView().set(ConversionRequest.NO_GPA, bytes, target.isPrivate(),
                ConversionOrigin.HOST, -1).of(this, offset);
        vm.engine().convert(view, object, offset >>> Paging.PAGE_SHIFT, offset + bytes >>> Paging.PAGE_SHIFT);
    }

    @Override
    public MemoryKind kind(long offset) {
        if (offset < 0 || offset >= size) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "offset 0x" + Long.toHexString(offset) + " is not in the store of 0x" + Long.toHexString(size)
                            + " bytes");
        }
        core.mutation().lock();
        try {
            checkOpen();
            return MemoryKind.of(object.isPrivate(offset >>> Paging.PAGE_SHIFT));
        } finally {
            core.mutation().unlock();
        }
    }

    @Override
    public long allocatedBytes() {
        core.mutation().lock();
        try {
            return closed ? 0 : object.folios().presentPages() << Paging.PAGE_SHIFT;
        } finally {
            core.mutation().unlock();
        }
    }

    @Override
    public void close() {
        vm.closeStore(this);
    }

    @Override
    public StoreKind kind() {
        return kind;
    }

    @Override
    public MemoryStats stats() {
        core.mutation().lock();
        try {
            FrameBudget own = hasLimit ? budget : null;
            return new MemoryStats(allocatedBytes(), own == null ? 0 : own.limit() << Paging.PAGE_SHIFT,
                    own == null ? 0 : own.refusals(), closed ? 0 : object.poisonedPages());
        } finally {
            core.mutation().unlock();
        }
    }

    /// Its pages have gone back: the pool need not keep any for it. Called by the VM under its lock.
    void releaseReservation() {
        if (pool != null) {
            pool.close();
        }
    }

    /// Marks it closed; called by the VM under its lock.
    void markClosed() {
        closed = true;
    }
}
