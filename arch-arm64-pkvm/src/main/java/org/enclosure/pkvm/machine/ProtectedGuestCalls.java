package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;

/// The host gives pages to protected guests, and gets them back when a guest ends, or by force.
public final class ProtectedGuestCalls {
    private final El2 el2;
    private final HypPages pages;
    private final GuestStage2 tables;
    private final HostStage2 host;

    ProtectedGuestCalls(El2 el2) {
        this.el2 = el2;
        pages = el2.pages;
        tables = el2.guestStage2;
        host = el2.hostStage2;
    }

    /// The host gives one page to a protected VM, which has it alone from then on.
    ///
    /// @return 0; EINVAL (no such VM, it is dying, or gfn and pa name nothing), EPERM (unprotected VM, no RAM, or a state; a poisoned
    ///         or guarded gfn is refused), ENOMEM (the VM's memcache is too small), ERESTART, EOPNOTSUPP
    public long donate(long handle, long pa, long gfn) {
        long checked = el2.profile.isProtecting() ? el2.regions.check(pa, Paging.PAGE_SIZE) : HypErrno.EOPNOTSUPP;
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            checked = checkVm(handle, gfn);
            return checked == HypErrno.OK ? donateLocked(handle, pa, gfn) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long donateLocked(long handle, long pa, long gfn) {
        long pfn = pa >>> Paging.PAGE_SHIFT;
        long word = pages.word(pfn);
        if (HypPage.host(word) != PageState.OWNED) {
            return HypErrno.EPERM;
        }
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        if (tables.entry(where) != 0 || el2.vms.guard(handle).contains(gfn)) {
            return HypErrno.EPERM;
        }
        Memcache cache = el2.vms.cache(handle);
        if (tables.missing(where, Paging.LEVEL_4K) > cache.size()) {
            return HypErrno.ENOMEM;
        }
        giveToGuest(handle, gfn, pfn, word);
        tables.set(tables.link(where, gfn, Paging.LEVEL_4K, cache),
                Descriptor.leaf(pa, Paging.LEVEL_4K, PageState.OWNED));
        return HypErrno.OK;
    }

    /// The host's side of a page that becomes a guest's alone, with the lock held.
    void giveToGuest(long handle, long gfn, long pfn, long word) {
        host.annotate(pfn, Annotation.guest(el2.profile.isForcing(), handle, gfn));
        pages.set(pfn, HypPage.withHost(word, PageState.NOPAGE));
    }

    /// The host's side of a page that becomes the host's alone, with the lock held.
    void giveToHost(long pfn, long word) {
        host.map(pfn);
        pages.set(pfn, HypPage.withHost(word, PageState.OWNED));
    }

    /// The host gets a page of a dying VM back: wiped if the guest had it alone, as it is if the guest shared it.
    ///
    /// @param pa Android: the page that the host expects there; -1 to ask for none
    /// @return 0, also for a poisoned gfn, where nothing is done; EINVAL (no such VM, it is not dying, another page), ENOENT (no leaf),
    ///         EPERM, ERESTART
    public long reclaim(long handle, long gfn, long pa) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            boolean isLegal = el2.vms.isDying(handle) && gfn >= 0 && gfn < GuestStage2.GFN_LIMIT;
            return isLegal ? reclaimLocked(handle, gfn, pa) : HypErrno.EINVAL;
        } finally {
            el2.lock.exit();
        }
    }

    private long reclaimLocked(long handle, long gfn, long pa) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        long leaf = tables.entry(where);
        if (!Descriptor.isValid(leaf)) {
            return leaf == Annotation.POISON ? HypErrno.OK : HypErrno.ENOENT;
        }
        long address = Descriptor.address(leaf);
        if (el2.profile.isAndroid() && pa >= 0 && pa != address) {
            return HypErrno.EINVAL;
        }
        long pfn = address >>> Paging.PAGE_SHIFT;
        long word = pages.word(pfn);
        switch (Descriptor.state(leaf)) {
            case PageState.OWNED -> {
                el2.memory.zero(address, Paging.PAGE_SIZE);
                giveToHost(pfn, word);
            }
            case PageState.SHARED_OWNED -> giveToHost(pfn, word);
            case PageState.SHARED_BORROWED -> {
                if (!el2.profile.isAndroid() || GuestStage2.level(where) != Paging.LEVEL_4K) {
                    return HypErrno.EPERM;
                }
                el2.sharedGuestCalls().dropShare(pfn);
            }
            default -> {
                return HypErrno.EPERM;
            }
        }
        tables.set(where, 0);
        return HypErrno.OK;
    }

    /// The host takes a page of a running guest: poisoned there, wiped, and the host's, in this order. The annotation of the host's
    /// own stage 2 tells whose it is.
    ///
    /// @return 0; EINVAL, EPERM (no RAM, or not a guest's), EAGAIN (it is not given away now, or its VM is gone), ERESTART, EOPNOTSUPP
    public long forceReclaim(long pa) {
        if (!el2.profile.isForcing()) {
            return HypErrno.EOPNOTSUPP;
        }
        long checked = el2.regions.check(pa, Paging.PAGE_SIZE);
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            return forceLocked(pa);
        } finally {
            el2.lock.exit();
        }
    }

    private long forceLocked(long pa) {
        long pfn = pa >>> Paging.PAGE_SHIFT;
        long word = pages.word(pfn);
        if (HypPage.host(word) != PageState.NOPAGE) {
            return HypErrno.EAGAIN;
        }
        long annotation = host.descriptor(pfn);
        if (Annotation.owner(annotation) != Owner.GUEST) {
            return HypErrno.EPERM;
        }
        long handle = Annotation.handle(annotation);
        long gfn = Annotation.gfn(annotation);
        if (!el2.vms.isProtected(handle) || gfn >= GuestStage2.GFN_LIMIT) {
            return HypErrno.EAGAIN;
        }
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        if (tables.entry(where) != Descriptor.leaf(pa, Paging.LEVEL_4K, PageState.OWNED)) {
            return HypErrno.EAGAIN;
        }
        tables.set(where, Annotation.POISON);
        el2.memory.zero(pa, Paging.PAGE_SIZE);
        giveToHost(pfn, word);
        return HypErrno.OK;
    }

    /// Whether a VM can be given a page, with the lock held: a VM that has passed cannot end before the call does.
    private long checkVm(long handle, long gfn) {
        if (!el2.vms.exists(handle) || gfn < 0 || gfn >= GuestStage2.GFN_LIMIT) {
            return HypErrno.EINVAL;
        }
        return !el2.vms.isProtected(handle) ? HypErrno.EPERM
                : el2.vms.isDying(handle) ? HypErrno.EINVAL : HypErrno.OK;
    }
}
