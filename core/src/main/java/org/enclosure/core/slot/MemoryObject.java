package org.enclosure.core.slot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.mem.FrameList;
import org.jspecify.annotations.Nullable;

/// Pages with everything that hangs on them: a gmem store, or anonymous host memory. What an inode is to a file.
///
/// `lock` guards the pins, the views and every change of the kinds: a VM's mutation lock for a store, the object's own for
/// anonymous memory.
public final class MemoryObject {
    private final FolioMap folios;
    private final @Nullable AttributeMap kinds;
    private final ReentrantLock lock;
    private final long pages;
    private final PinTable pins = new PinTable();
    private volatile HostView[] views = {};
    private volatile SlotUser[] users = {};
    private volatile boolean explicit;
    private volatile long @Nullable [] poisoned;
    private @Nullable DirtyBitmap writes;
    private volatile boolean closed;
    private volatile @Nullable PinWatch pinWatch;

    /// Creates an object.
    ///
    /// @param kinds which pages are private, or null if the object does not keep it: then all can be reached by the host
    public MemoryObject(FolioMap folios, long pages, @Nullable AttributeMap kinds, ReentrantLock lock) {
        this.folios = folios;
        this.pages = pages;
        this.kinds = kinds;
        this.lock = lock;
    }

    /// The pages.
    public FolioMap folios() {
        return folios;
    }

    /// How many pages it can hold.
    public long pages() {
        return pages;
    }

    /// Which pages are private, or null.
    public @Nullable AttributeMap kinds() {
        return kinds;
    }

    /// Whether the host cannot reach a page.
    public boolean isPrivate(long page) {
        return kinds != null && kinds.isPrivate(page);
    }

    /// The lock.
    public ReentrantLock lock() {
        return lock;
    }

    /// The references.
    public PinTable pins() {
        return pins;
    }

    /// Who is told of references that go, or null.
    public @Nullable PinWatch pinWatch() {
        return pinWatch;
    }

    /// Sets who is told.
    public void watchPins(PinWatch watch) {
        pinWatch = watch;
    }

    /// Records the guest's writes from now on; called before the object is used.
    public void logWrites(DirtyBitmap log) {
        writes = log;
    }

    /// Which pages the guest has written; null if that is not recorded.
    public @Nullable DirtyBitmap writes() {
        return writes;
    }

    /// Adds a mapping of the host.
    public void addView(HostView view) {
        HostView[] next = Arrays.copyOf(views, views.length + 1);
        next[views.length] = view;
        views = next;
    }

    /// Removes a mapping of the host.
    public void removeView(HostView view) {
        views = Arrays.stream(views).filter(other -> !other.equals(view)).toArray(HostView[]::new);
    }

    /// From now on pages are allocated by an explicit call alone.
    public void allocateExplicitly() {
        explicit = true;
    }

    /// Whether a touch of the host allocates a page that is not there.
    public boolean isAllocatedByTouch() {
        return !explicit;
    }

    /// Whether the memory of a page has failed. Almost always a look at a null; allocates nothing.
    public boolean isPoisoned(long page) {
        long[] now = poisoned;
        return now != null && Arrays.binarySearch(now, page) >= 0;
    }

    /// How many pages have failed and were not given back.
    public int poisonedPages() {
        long[] now = poisoned;
        return now == null ? 0 : now.length;
    }

    /// The memory of a page has failed: nobody reaches it until it is given back. The caller holds the lock, and nobody has
    /// translations of the page.
    public void poison(long page) {
        if (!isPoisoned(page)) {
            long[] now = poisoned == null ? new long[0] : poisoned;
            long[] next = Arrays.copyOf(now, now.length + 1);
            next[now.length] = page;
            Arrays.sort(next);
            poisoned = next;
        }
        folios.split(page, 0); // its neighbours are mapped by 4K from now on
    }

    /// Takes pages out, failed ones among them; the holes that are left can be filled with good memory.
    public void removePages(long start, long end, FrameList removed) {
        folios.remove(start, end, removed);
        long[] now = poisoned;
        if (now != null) {
            long[] left = Arrays.stream(now).filter(page -> page < start || page >= end).toArray();
            poisoned = left.length == 0 ? null : left;
        }
    }

    /// The page that a frame holds, or -1. Looks at all pages; the caller holds the lock.
    public long pageOf(long pfn) {
        for (long at = folios.nextPresent(0, pages); at < pages;) {
            long end = folios.runEnd(at, pages);
            long first = FolioMap.pfn(folios.settled(at));
            if (pfn >= first && pfn < first + end - at) {
                return at + pfn - first;
            }
            at = folios.nextPresent(Math.max(end, at + 1), pages);
        }
        return -1;
    }

    /// Whether exactly one mapping has the pages.
    public boolean isMappedOnce() {
        return views.length == 1;
    }

    /// Whether no address space maps it.
    public boolean isUnmapped() {
        return views.length == 0;
    }

    /// The VMs whose slots use the pages as host memory, in the order of their locks.
    public SlotUser[] users() {
        return users;
    }

    /// Adds a VM, if it is not there yet. The caller holds the lock.
    public void addUser(SlotUser user) {
        if (!Arrays.asList(users).contains(user)) {
            SlotUser[] next = Arrays.copyOf(users, users.length + 1);
            next[users.length] = user;
            Arrays.sort(next, Comparator.comparingLong(SlotUser::number));
            users = next;
        }
    }

    /// Removes a VM that has no slots any more. The caller holds the lock.
    public void removeUser(SlotUser user) {
        users = Arrays.stream(users).filter(other -> !other.equals(user)).toArray(SlotUser[]::new);
    }

    /// Begins an invalidation of pages in all host mappings; `endViews` with the same arguments ends it.
    public void beginViews(long start, long end) {
        for (HostView view : views) {
            if (overlaps(view, start, end)) {
                view.domain().begin(hostStart(view, start), hostEnd(view, end));
            }
        }
    }

    /// Takes the translations of pages from all host mappings.
    public void shootViews(long start, long end) {
        for (HostView view : views) {
            if (overlaps(view, start, end)) {
                view.domain().shootdown(hostStart(view, start), hostEnd(view, end), null);
            }
        }
    }

    /// Ends an invalidation.
    public void endViews(long start, long end) {
        for (HostView view : views) {
            if (overlaps(view, start, end)) {
                view.domain().end();
            }
        }
    }

    /// Takes all pages from the host, frees them and ends the object; no fault is in it any more. The caller holds the lock.
    public void close() {
        beginViews(0, pages);
        closed = true;
        try {
            shootViews(0, pages);
            for (HostView view : views) {
                view.domain().awaitResolvers();
            }
        } finally {
            endViews(0, pages);
        }
        folios.close();
        if (kinds != null) {
            kinds.close();
        }
    }

    /// Whether the object has ended: then its pages and kinds must not be looked at. ORDERING: volatile; set inside of an
    /// invalidation of all views, read inside of a mark after the gate.
    public boolean isClosed() {
        return closed;
    }

    private static boolean overlaps(HostView view, long start, long end) {
        return view.objectPage() < end && view.objectPage() + view.pages() > start;
    }

    private static long hostStart(HostView view, long start) {
        return view.hostPage() + Math.max(start - view.objectPage(), 0);
    }

    private static long hostEnd(HostView view, long end) {
        return view.hostPage() + Math.min(end - view.objectPage(), view.pages());
    }
}
