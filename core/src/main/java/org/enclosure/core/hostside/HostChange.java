package org.enclosure.core.hostside;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.convert.CallbackGuard;
import org.enclosure.core.convert.PinCheck;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.SlotUser;

/// A change of host pages under the slots of any number of VMs: all their locks in order, then the object's, then one invalidation
/// in each of them and in each address space.
abstract class HostChange {
    private final MappingImpl mapping;
    private final MemoryObject object;
    private final long start;
    private final long end;

    private HostChange(MappingImpl mapping, long start, long end) {
        this.mapping = mapping;
        object = mapping.object();
        this.start = start;
        this.end = end;
    }

    /// Frees anonymous pages.
    ///
    /// @throws GuestMemoryException EAGAIN if a page is held, EBADF if the mapping is closed
    static void discard(MappingImpl mapping, long start, long end) {
        new HostChange(mapping, start, end) {
            @Override
            boolean prepare() {
                PinCheck.check(mapping.object(), start, end - start, 0, "be freed");
                return true;
            }
        }.run("discard");
    }

    /// Changes what the mapping permits.
    ///
    /// @throws GuestMemoryException ENOMEM if a page was unmapped, EBADF if the mapping is closed
    static void protect(MappingImpl mapping, long start, long end, int bits) {
        new HostChange(mapping, start, end) {
            @Override
            boolean prepare() {
                if (mapping.permissions().hasUnmapped(start, end)) {
                    throw new GuestMemoryException(Errno.ENOMEM, "a page from offset 0x"
                            + Long.toHexString(start << Paging.PAGE_SHIFT) + " to 0x"
                            + Long.toHexString(end << Paging.PAGE_SHIFT) + " of the memory was unmapped");
                }
                return false;
            }

            @Override
            void apply() {
                mapping.permissions().set(start, end, bits);
            }
        }.run("protect");
    }

    /// Unmaps a part of the mapping.
    ///
    /// @throws GuestMemoryException EBADF if the mapping is closed
    static void unmap(MappingImpl mapping, long start, long end) {
        MemoryObject object = mapping.object();
        new HostChange(mapping, start, end) {
            @Override
            boolean prepare() {
                return mapping.store() == null && object.isMappedOnce() && object.pins().firstPinned(start, end) == end;
            }

            @Override
            void apply() {
                mapping.permissions().set(start, end, HostPermissions.UNMAPPED);
            }
        }.run("unmap");
    }

    /// The memory of a frame has failed, which may be one of the mapping's.
    ///
    /// @return whether it is
    static boolean poison(MappingImpl mapping, long pfn) {
        MemoryObject object = mapping.object();
        long page = pageOf(mapping, pfn);
        if (page < 0) {
            return false;
        }
        new HostChange(mapping, page, page + 1) {
            @Override
            boolean prepare() {
                return false;
            }

            @Override
            void apply() {
                long word = object.folios().get(page);
                if (word >= 0 && FolioMap.pfn(word) == pfn) {
                    mapping.space().host().frames().poison(pfn);
                    object.poison(page);
                }
            }
        }.run("memoryFailure");
        return true;
    }

    private static long pageOf(MappingImpl mapping, long pfn) {
        MemoryObject object = mapping.object();
        object.lock().lock();
        try {
            return mapping.isClosed() ? -1 : object.pageOf(pfn);
        } finally {
            object.lock().unlock();
        }
    }

    /// Refuses before anything has changed.
    ///
    /// @return whether the pages are freed
    abstract boolean prepare();

    /// Makes the change while nobody reaches the pages.
    void apply() {
        // freeing them is all
    }

    final void run(String name) {
        CallbackGuard.check(name);
        while (!tryRun(object.users())) {
            Thread.onSpinWait();
        }
    }

    /// @return false if a VM came to use the pages meanwhile; then nothing was done
    @SuppressWarnings("ReferenceEquality") // a snapshot of the users is an identity
    private boolean tryRun(SlotUser[] users) {
        lock(users);
        object.lock().lock();
        try {
            if (object.users() != users) {
                return false;
            }
            mapping.checkOpen();
            change(users, prepare());
            return true;
        } finally {
            object.lock().unlock();
            unlock(users);
        }
    }

    private void change(SlotUser[] users, boolean frees) {
        FrameList freed = new FrameList(mapping.space().host().frames());
        object.beginViews(start, end);
        int begun = 0;
        try {
            object.shootViews(start, end);
            while (begun < users.length) {
                users[begun++].beginTake(object, start, end, frees);
            }
            apply();
            if (frees) {
                object.removePages(start, Math.min(end, object.pages()), freed);
            }
        } finally {
            while (begun > 0) {
                users[--begun].endTake();
            }
            object.endViews(start, end);
        }
        freed.freeAll();
    }

    private static void lock(SlotUser[] users) {
        for (SlotUser user : users) {
            user.lock();
        }
    }

    private static void unlock(SlotUser[] users) {
        for (int i = users.length - 1; i >= 0; i--) {
            users[i].unlock();
        }
    }
}
