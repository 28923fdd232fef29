package org.enclosure.core.hostside;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.slot.HostView;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.translation.TranslationDomain;
import org.jspecify.annotations.Nullable;

/// One host address space: an immutable list of regions behind a volatile reference, and an accessor per thread.
///
/// Addresses are given out upwards and not used twice, so a stale hva never meets another mapping.
public final class HostSpace implements HostAddressSpace {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FIRST_PAGE = 0x1000;
    private static final long LAST_PAGE = 1L << 47 - Paging.PAGE_SHIFT;

    private final HostCore host;
    private final Consumer<HostSpace> onFork;
    private final TranslationDomain domain = new TranslationDomain();
    private final Set<HostAccessor> accessors = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<HostAccessor> accessor = ThreadLocal.withInitial(this::newAccessor);
    private final List<MappingImpl> mappings = new ArrayList<>();
    private long nextPage = FIRST_PAGE;
    private volatile Region[] regions = {};
    private boolean closed; // guarded by this

    /// Creates an empty address space.
    ///
    /// @param onFork told of each duplicate
    public HostSpace(HostCore host, Consumer<HostSpace> onFork) {
        this.host = host;
        this.onFork = onFork;
    }

    HostCore host() {
        return host;
    }

    TranslationDomain domain() {
        return domain;
    }

    HostAccessor accessor() {
        return accessor.get();
    }

    private HostAccessor newAccessor() {
        accessors.removeIf(old -> {
            if (old.isOwnerAlive()) {
                return false;
            }
            old.retire();
            return true;
        });
        HostAccessor created = new HostAccessor(this);
        accessors.add(created);
        return created;
    }

    /// The region that holds a page, or null. Allocates nothing.
    @Nullable
    Region find(long hostPage) {
        Region[] now = regions;
        int low = 0;
        int high = now.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (now[middle].contains(hostPage)) {
                return now[middle];
            }
            if (now[middle].view().hostPage() > hostPage) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    @Override
    public HostMapping map(long bytes) {
        GuestRange.checkAligned("anonymous mapping", 0, bytes);
        long pages = bytes >>> Paging.PAGE_SHIFT;
        MemoryObject object = new MemoryObject(new FolioMap(pages, host.frames()), pages, null, new ReentrantLock());
        return add(object, 0, pages, null);
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new GuestMemoryException(Errno.EBADF, "the address space is closed");
        }
    }

    @Override
    public HostMapping map(GuestMemoryStore store, long offset, long bytes) {
        if (!(store instanceof MappableStore mappable)) {
            throw new GuestMemoryException(Errno.EINVAL, "the store is not one of this engine's");
        }
        MemoryObject object = mappable.object();
        object.lock().lock();
        try {
            if (mappable.isClosed()) {
                throw new GuestMemoryException(Errno.EBADF, "the store is closed");
            }
            if (object.folios().frames() != host.frames()) {
                throw new GuestMemoryException(Errno.EINVAL,
                        "the store is one of another host; a mapping reaches memory of its own host alone");
            }
            if (!store.flags().contains(StoreFlag.MMAP)) {
                throw new GuestMemoryException(Errno.ENODEV,
                        "the store was created with the flags " + store.flags() + "; a mapping needs MMAP");
            }
            GuestRange.checkAligned("mapping of a store", offset, bytes);
            return add(object, offset >>> Paging.PAGE_SHIFT, bytes >>> Paging.PAGE_SHIFT, store);
        } finally {
            object.lock().unlock();
        }
    }

    /// The caller holds the lock of an object that others know.
    private synchronized MappingImpl add(MemoryObject object, long objectPage, long pages,
            @Nullable GuestMemoryStore store) {
        checkOpen();
        // Host pages are congruent to object pages modulo 1G, so that huge mappings would fit; a guard page follows.
        long start = Paging.ceil(nextPage, Paging.LEVEL_1G) + (objectPage & Paging.PAGES_PER_1G - 1);
        if (pages > LAST_PAGE - start) {
            throw new GuestMemoryException(Errno.ENOMEM, "the address space has no room for " + pages + " pages");
        }
        nextPage = start + pages + 1;
        HostView view = new HostView(domain, start, objectPage, pages);
        MappingImpl mapping = new MappingImpl(this, new Region(view, object, new HostPermissions()), store);
        publish(mapping);
        return mapping;
    }

    private synchronized void publish(MappingImpl mapping) {
        mapping.object().addView(mapping.region().view());
        mappings.add(mapping);
        Region[] next = Arrays.copyOf(regions, regions.length + 1);
        next[regions.length] = mapping.region();
        regions = next;
    }

    @Override
    public synchronized HostMapping mappingAt(long hva) {
        for (MappingImpl mapping : mappings) {
            if (mapping.region().contains(hva >>> Paging.PAGE_SHIFT)) {
                return mapping;
            }
        }
        throw new GuestMemoryException(Errno.EFAULT, "nothing is mapped at hva 0x" + Long.toHexString(hva));
    }

    /// The memory of a frame has failed.
    ///
    /// @return whether an anonymous mapping of this space has it
    public boolean poison(long pfn) {
        List<MappingImpl> all;
        synchronized (this) {
            all = List.copyOf(mappings);
        }
        return all.stream().anyMatch(mapping -> mapping.store() == null && HostChange.poison(mapping, pfn));
    }

    @Override
    public HostAddressSpace duplicate() {
        HostSpace child = new HostSpace(host, onFork);
        List<MappingImpl> all;
        synchronized (this) {
            checkOpen();
            onFork.accept(child);
            child.nextPage = nextPage;
            all = List.copyOf(mappings);
        }
        all.forEach(child::adopt);
        return child;
    }

    /// Maps what a mapping of the parent maps, at the same place, unless it has ended meanwhile.
    private void adopt(MappingImpl parent) {
        MemoryObject object = parent.object();
        HostView old = parent.region().view();
        object.lock().lock();
        try {
            if (!parent.isClosed()) {
                HostView view = new HostView(domain, old.hostPage(), old.objectPage(), old.pages());
                publish(new MappingImpl(this, new Region(view, object, parent.permissions().copy()), parent.store()));
            }
        } finally {
            object.lock().unlock();
        }
    }

    /// Takes a mapping out; nobody reaches it afterwards.
    synchronized void remove(MappingImpl mapping) {
        HostView view = mapping.region().view();
        domain.begin(view.hostPage(), view.hostPage() + view.pages());
        try {
            regions = Arrays.stream(regions).filter(region -> !region.equals(mapping.region())).toArray(Region[]::new);
            domain.shootdown(view.hostPage(), view.hostPage() + view.pages(), null);
        } finally {
            domain.end();
        }
        domain.awaitResolvers();
        mappings.remove(mapping);
    }

    @Override
    public void close() {
        List<MappingImpl> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(mappings);
        }
        open.forEach(MappingImpl::close);
        accessors.forEach(HostAccessor::retire);
        accessors.clear();
        // An accessor leads back to its key here: a thread that opens and closes many spaces would keep them all, with their hosts.
        accessor.remove();
    }
}
