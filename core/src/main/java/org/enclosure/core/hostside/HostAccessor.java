package org.enclosure.core.hostside;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.translation.Backoff;
import org.enclosure.core.translation.TranslationHolder;

/// The translations of one host thread in one address space: the same marks and the same TLB as a vCPU has, so that a page that
/// becomes private is taken from the host by the same shootdown.
final class HostAccessor extends TranslationHolder {
    private static final long NO_MAPPING = -1;
    private static final long PRIVATE = -2;
    private static final long WAIT = -3;
    private static final long ABSENT = -4;
    private static final long FORBIDDEN = -5;
    private static final long FAILED = -6;

    private final HostSpace space;
    private final HostMemory memory;
    private final FrameMagazine magazine;
    private final Thread owner;
    private final byte[] word = new byte[Long.BYTES];

    HostAccessor(HostSpace space) {
        super(space.domain(), -1L >>> 1);
        this.space = space;
        memory = space.host().memory();
        magazine = new FrameMagazine(space.host().frames());
        owner = Thread.currentThread();
        setActive(true);
    }

    boolean isOwnerAlive() {
        return owner.isAlive();
    }

    void retire() {
        domain().remove(this);
        magazine.drain();
    }

    long loadLong(long hva) {
        int offset = (int) (hva & Paging.PAGE_MASK);
        if (offset > Paging.PAGE_SIZE - Long.BYTES) {
            read(hva, word, 0, Long.BYTES);
            return (long) HostSpace.LONG.get(word, 0);
        }
        for (int round = 0;; round++) {
            enterAccess();
            long page = translate(hva, false);
            if (page >= 0) {
                long value = Raw.getLong(page + offset);
                exitAccess();
                return value;
            }
            exitAccess();
            resolve(page, hva, round);
        }
    }

    void storeLong(long hva, long value) {
        int offset = (int) (hva & Paging.PAGE_MASK);
        if (offset > Paging.PAGE_SIZE - Long.BYTES) {
            touch(hva + Long.BYTES - 1, true, false);
            HostSpace.LONG.set(word, 0, value);
            write(hva, word, 0, Long.BYTES);
            return;
        }
        for (int round = 0;; round++) {
            enterAccess();
            long page = translate(hva, true);
            if (page >= 0) {
                Raw.putLong(page + offset, value);
                exitAccess();
                return;
            }
            exitAccess();
            resolve(page, hva, round);
        }
    }

    /// Faults a page in for writing, or for reading where that is all that is permitted; or throws.
    void probe(long hva) {
        Region region = space.find(hva >>> Paging.PAGE_SHIFT);
        boolean writes = region == null
                || (region.permissions().of(region.objectPage(hva >>> Paging.PAGE_SHIFT)) & HostPermissions.WRITE) != 0;
        touch(hva, writes, false);
    }

    /// Faults a page in for writing, and allocates it whatever the policy says; or throws.
    void populate(long hva) {
        touch(hva, true, true);
    }

    private void touch(long hva, boolean writes, boolean isExplicit) {
        for (int round = 0;; round++) {
            enterAccess();
            long page = translate(hva, writes);
            exitAccess();
            if (page >= 0) {
                return;
            }
            resolve(page, hva, round, isExplicit);
        }
    }

    void read(long hva, byte[] into, int at, int length) {
        for (int done = 0, round = 0; done < length;) {
            int count = (int) Math.min(length - done, Paging.PAGE_SIZE - (hva + done & Paging.PAGE_MASK));
            enterAccess();
            long page = translate(hva + done, false);
            if (page >= 0) {
                Raw.copy(page + (hva + done & Paging.PAGE_MASK), into, at + done, count);
                exitAccess();
                done += count;
                round = 0;
            } else {
                exitAccess();
                resolve(page, hva + done, round++);
            }
        }
    }

    void write(long hva, byte[] from, int at, int length) {
        for (int done = 0, round = 0; done < length;) {
            int count = (int) Math.min(length - done, Paging.PAGE_SIZE - (hva + done & Paging.PAGE_MASK));
            enterAccess();
            long page = translate(hva + done, true);
            if (page >= 0) {
                Raw.copy(from, at + done, page + (hva + done & Paging.PAGE_MASK), count);
                exitAccess();
                done += count;
                round = 0;
            } else {
                exitAccess();
                resolve(page, hva + done, round++);
            }
        }
    }

    /// Inside the mark: the address of a page, or a negative reason.
    private long translate(long hva, boolean writes) {
        long key = hva >>> Paging.PAGE_SHIFT;
        catchUp();
        long page = writes ? lookUpWrite(key) : lookUpRead(key);
        return page >= 0 ? page : fillPage(key, writes);
    }

    private long fillPage(long key, boolean writes) {
        if (domain().isInProgress(key)) {
            return WAIT;
        }
        Region region = space.find(key);
        if (region == null) {
            return NO_MAPPING;
        }
        long objectPage = region.objectPage(key);
        int permitted = region.permissions().of(objectPage);
        if (permitted == HostPermissions.UNMAPPED) {
            return NO_MAPPING;
        }
        if ((permitted & (writes ? HostPermissions.WRITE : HostPermissions.READ)) == 0) {
            return FORBIDDEN;
        }
        if (region.object().isClosed() || objectPage >= region.object().pages()
                || region.object().isPrivate(objectPage)) {
            return PRIVATE;
        }
        if (region.object().isPoisoned(objectPage)) {
            return FAILED;
        }
        long word = region.object().folios().get(objectPage);
        if (word < 0 || !FolioMap.isZeroed(word)) {
            return ABSENT;
        }
        long page = memory.address(FolioMap.pfn(word));
        fill(key, (permitted & HostPermissions.WRITE) != 0, page);
        return page;
    }

    /// Out of the mark: makes the next try succeed, or throws.
    private void resolve(long reason, long hva, int round) {
        resolve(reason, hva, round, false);
    }

    private void resolve(long reason, long hva, int round, boolean isExplicit) {
        if (reason == FAILED) {
            throw new HostAccessException(Signal.POISONED, hva, "the memory of the page has failed");
        }
        if (reason == FORBIDDEN) {
            throw new HostAccessException(Signal.SIGSEGV, hva, "the mapping's protection forbids it");
        }
        if (reason == NO_MAPPING) {
            throw new HostAccessException(Signal.SIGSEGV, hva, "nothing is mapped there");
        }
        if (reason == PRIVATE) {
            throw new HostAccessException(Signal.SIGBUS, hva,
                    "the page is private, or there is no page: beyond the end of the store, or the store is closed");
        }
        if (reason == ABSENT) {
            enterResolve();
            try {
                allocate(hva, isExplicit);
            } finally {
                exitResolve();
            }
        }
        Backoff.again(round);
    }

    private void allocate(long hva, boolean isExplicit) {
        long key = hva >>> Paging.PAGE_SHIFT;
        long snapshot = domain().snapshot();
        Region region = space.find(key);
        if (region == null || region.object().isClosed() || region.object().isPrivate(region.objectPage(key))) {
            return;
        }
        FolioMap folios = region.object().folios();
        if (!isExplicit && !region.object().isAllocatedByTouch()
                && folios.get(region.objectPage(key)) == FolioMap.HOLE) {
            throw new HostAccessException(Signal.SIGBUS, hva,
                    "the page is not allocated, and a touch does not allocate");
        }
        long word = folios.allocate(region.objectPage(key), 0, true, magazine);
        if (word >= 0 && !FolioMap.isZeroed(word)) {
            word = folios.zeroIfStillValid(region.objectPage(key), domain(), key, snapshot);
        }
        if (word == FolioMap.NO_MEMORY) {
            throw outOfFrames(hva);
        }
    }

    /// The cause tells those that fault pages in for a caller which error that is.
    private static HostAccessException outOfFrames(long hva) {
        HostAccessException e = new HostAccessException(Signal.SIGBUS, hva, "the host is out of frames");
        e.initCause(new GuestMemoryException(Errno.ENOMEM, "no frame for the page"));
        return e;
    }
}
