package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.PageState;

/// The host shares its pages with unprotected guests, any number of times. Of a page that the host shares, a share count above
/// zero tells that it is with unprotected guests, and not with the hypervisor or the secure world.
public final class SharedGuestCalls {
    /// Permission: the guest may read.
    public static final int READ = 1;
    /// Permission: the guest may write.
    public static final int WRITE = 1 << 1;
    /// Permission: the guest may execute.
    public static final int EXECUTE = 1 << 2;

    private final El2 el2;
    private final HypPages pages;
    private final GuestStage2 tables;

    SharedGuestCalls(El2 el2) {
        this.el2 = el2;
        pages = el2.pages;
        tables = el2.guestStage2;
    }

    /// The host shares one page, or one aligned block of 512, with an unprotected VM.
    ///
    /// @return 0; EINVAL (size, alignment, permissions, no such VM, crosses a region), EPERM (protected VM, no RAM, or a state),
    ///         EBUSY (a share count is full), ENOMEM (the VM's memcache is too small), ERESTART
    public long share(long handle, long pa, long gfn, long npages, int permissions) {
        boolean isLegal = (permissions & ~(READ | WRITE | EXECUTE)) == 0 && (permissions & READ) != 0
                && isSize(gfn, npages) && Paging.isAligned(pa >>> Paging.PAGE_SHIFT, level(npages));
        long checked = isLegal ? el2.regions.check(pa, npages << Paging.PAGE_SHIFT) : HypErrno.EINVAL;
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            checked = checkVm(handle);
            return checked == HypErrno.OK ? shareLocked(handle, pa, gfn, npages, permissions) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long shareLocked(long handle, long pa, long gfn, long npages, int permissions) {
        int level = level(npages);
        long where = tables.find(el2.vms.root(handle), gfn, level);
        if (tables.entry(where) != 0) {
            return HypErrno.EPERM;
        }
        long pfn = pa >>> Paging.PAGE_SHIFT;
        for (long i = 0; i < npages; i++) {
            long answer = checkShare(pages.word(pfn + i));
            if (answer != HypErrno.OK) {
                return answer;
            }
        }
        Memcache cache = el2.vms.cache(handle);
        if (tables.missing(where, level) > cache.size()) {
            return HypErrno.ENOMEM;
        }
        for (long i = 0; i < npages; i++) {
            long word = pages.word(pfn + i);
            pages.set(pfn + i, HypPage.withShares(HypPage.withHost(word, PageState.SHARED_OWNED),
                    HypPage.shares(word) + 1));
        }
        long leaf = permit(Descriptor.leaf(pa, level, PageState.SHARED_BORROWED), permissions);
        tables.set(tables.link(where, gfn, level, cache), leaf);
        return HypErrno.OK;
    }

    private static long checkShare(long word) {
        return switch (HypPage.host(word)) {
            case PageState.OWNED -> HypErrno.OK;
            case PageState.SHARED_OWNED -> HypPage.shares(word) == HypPage.MAX_SHARES ? HypErrno.EBUSY
                    : HypPage.shares(word) > 0 ? HypErrno.OK : HypErrno.EPERM;
            default -> HypErrno.EPERM;
        };
    }

    /// The host takes back what it shares at a gfn; the page is its own alone when the last share is gone.
    ///
    /// @return 0; EINVAL (operands, or a share count of 0), ENOENT (no leaf, before anything else is looked at), E2BIG (a leaf of
    ///         another size), EPERM, ERESTART
    public long unshare(long handle, long gfn, long npages) {
        if (!isSize(gfn, npages)) {
            return HypErrno.EINVAL;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle);
            return checked == HypErrno.OK ? unshareLocked(handle, gfn, npages) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long unshareLocked(long handle, long gfn, long npages) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        long leaf = tables.entry(where);
        if (!Descriptor.isValid(leaf)) {
            return HypErrno.ENOENT;
        }
        if (GuestStage2.level(where) != level(npages)) {
            return HypErrno.E2BIG;
        }
        long pfn = Descriptor.address(leaf) >>> Paging.PAGE_SHIFT;
        long answer = Descriptor.state(leaf) == PageState.SHARED_BORROWED ? HypErrno.OK : HypErrno.EPERM;
        for (long i = 0; i < npages && answer == HypErrno.OK; i++) {
            long word = pages.word(pfn + i);
            answer = HypPage.host(word) != PageState.SHARED_OWNED ? HypErrno.EPERM
                    : HypPage.shares(word) == 0 ? HypErrno.EINVAL : HypErrno.OK;
        }
        if (answer == HypErrno.OK) {
            tables.set(where, 0);
            for (long i = 0; i < npages; i++) {
                dropShare(pfn + i);
            }
        }
        return answer;
    }

    /// One share less of a page that the host shares, with the lock held.
    void dropShare(long pfn) {
        long word = HypPage.withShares(pages.word(pfn), HypPage.shares(pages.word(pfn)) - 1);
        pages.set(pfn, HypPage.shares(word) == 0 ? HypPage.withHost(word, PageState.OWNED) : word);
    }

    /// The host gives an unprotected guest more permissions at a gfn: ENOENT without a leaf.
    public long relaxPermissions(long handle, long gfn, int permissions) {
        boolean isLegal = (permissions & ~(READ | WRITE | EXECUTE)) == 0;
        return isLegal ? change(handle, gfn, READ_WRITE_EXECUTE, permissions) : HypErrno.EINVAL;
    }

    /// The host takes the permission to write from an unprotected guest: ENOENT without a leaf.
    public long writeProtect(long handle, long gfn) {
        return change(handle, gfn, WRITE_PROTECT, 0);
    }

    /// The host asks whether the guest used a page since the last time.
    ///
    /// @return 1 or 0; ENOENT without a leaf, EPERM in a protected VM
    public long testClearYoung(long handle, long gfn) {
        return change(handle, gfn, CLEAR_YOUNG, 0);
    }

    /// The host marks a page as used: ENOENT without a leaf.
    public long makeYoung(long handle, long gfn) {
        return change(handle, gfn, MAKE_YOUNG, 0);
    }

    private static final int READ_WRITE_EXECUTE = 0;
    private static final int WRITE_PROTECT = 1;
    private static final int CLEAR_YOUNG = 2;
    private static final int MAKE_YOUNG = 3;

    private long change(long handle, long gfn, int what, int permissions) {
        if (!isSize(gfn, 1)) {
            return HypErrno.EINVAL;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle);
            return checked == HypErrno.OK ? changeLocked(handle, gfn, what, permissions) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long changeLocked(long handle, long gfn, int what, int permissions) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        long leaf = tables.entry(where);
        if (!Descriptor.isValid(leaf)) {
            return HypErrno.ENOENT;
        }
        tables.set(where, switch (what) {
            case READ_WRITE_EXECUTE -> permit(leaf, permissions);
            case WRITE_PROTECT -> leaf & ~Descriptor.WRITE;
            case CLEAR_YOUNG -> leaf & ~Descriptor.ACCESSED;
            default -> leaf | Descriptor.ACCESSED;
        });
        return what == CLEAR_YOUNG && (leaf & Descriptor.ACCESSED) != 0 ? 1 : HypErrno.OK;
    }

    private static long permit(long leaf, int permissions) {
        long word = leaf & ~(Descriptor.READ | Descriptor.WRITE) | Descriptor.EXECUTE_NEVER;
        word |= (permissions & READ) != 0 ? Descriptor.READ : 0;
        word |= (permissions & WRITE) != 0 ? Descriptor.WRITE : 0;
        return (permissions & EXECUTE) != 0 ? word & ~Descriptor.EXECUTE_NEVER : word;
    }

    /// Whether a VM can be lent pages, with the lock held: one that has passed cannot end before the call does.
    private long checkVm(long handle) {
        return !el2.vms.exists(handle) ? HypErrno.EINVAL
                : el2.vms.isProtected(handle) ? HypErrno.EPERM : HypErrno.OK;
    }

    /// One page, or one aligned block.
    private static boolean isSize(long gfn, long npages) {
        return (npages == 1 || npages == Paging.PAGES_PER_2M) && gfn >= 0 && gfn < GuestStage2.GFN_LIMIT
                && Paging.isAligned(gfn, level(npages));
    }

    private static int level(long npages) {
        return npages == 1 ? Paging.LEVEL_4K : Paging.LEVEL_2M;
    }
}
