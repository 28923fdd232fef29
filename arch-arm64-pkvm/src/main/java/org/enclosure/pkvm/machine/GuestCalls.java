package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.PageState;

/// A protected guest shares single pages with the host, takes them back, and gives pages up. In place: the frame stays, and so do
/// the bytes, except of what is given up.
///
/// Answers: 0; ENOENT (no leaf), EHWPOISON (the host took the page by force), E2BIG (a block), EPERM (a state, or an unprotected VM),
/// EINVAL (no such VM), ERANGE, ERESTART, EOPNOTSUPP.
public final class GuestCalls {
    private final El2 el2;
    private final HypPages pages;
    private final GuestStage2 tables;

    GuestCalls(El2 el2) {
        this.el2 = el2;
        pages = el2.pages;
        tables = el2.guestStage2;
    }

    /// The guest shares a page that it has alone.
    public long shareHost(long handle, long gfn) {
        return turn(handle, gfn, true);
    }

    /// The guest takes a page back that it shares.
    public long unshareHost(long handle, long gfn) {
        return turn(handle, gfn, false);
    }

    private long turn(long handle, long gfn, boolean share) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle, gfn);
            return checked == HypErrno.OK ? turnLocked(handle, gfn, share) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long turnLocked(long handle, long gfn, boolean share) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        long leaf = tables.entry(where);
        long checked = checkLeaf(where, leaf, share ? PageState.OWNED : PageState.SHARED_OWNED);
        if (checked != HypErrno.OK) {
            return checked;
        }
        long pfn = Descriptor.address(leaf) >>> Paging.PAGE_SHIFT;
        long word = pages.word(pfn);
        if (HypPage.host(word) != (share ? PageState.NOPAGE : PageState.SHARED_BORROWED)) {
            return HypErrno.EPERM;
        }
        if (share) {
            tables.set(where, Descriptor.withState(leaf, PageState.SHARED_OWNED));
            el2.hostStage2.map(pfn);
            pages.set(pfn, HypPage.withHost(word, PageState.SHARED_BORROWED));
        } else {
            tables.set(where, Descriptor.withState(leaf, PageState.OWNED));
            el2.protectedGuestCalls().giveToGuest(handle, gfn, pfn, word);
        }
        return HypErrno.OK;
    }

    /// The state in which a guest page has to be for a call: 0, or why it is not.
    private static long checkLeaf(long where, long leaf, int needed) {
        if (!Descriptor.isValid(leaf)) {
            return leaf == Annotation.POISON ? HypErrno.EHWPOISON : HypErrno.ENOENT;
        }
        if (GuestStage2.level(where) != Paging.LEVEL_4K) {
            return HypErrno.E2BIG;
        }
        return Descriptor.state(leaf) == needed ? HypErrno.OK : HypErrno.EPERM;
    }

    /// Whether a page is in the state that a guest's share (or unshare) needs; takes no lock and changes nothing.
    long check(long handle, long gfn, boolean share) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        return checkLeaf(where, tables.entry(where), share ? PageState.OWNED : PageState.SHARED_OWNED);
    }

    /// The guest gives a page up that it has alone: it is wiped and the host's. Of a gfn without a page nothing is done: 0. EBUSY if
    /// the page is pinned for DMA.
    public long relinquish(long handle, long gfn) {
        if (!el2.profile.isRelinquishing()) {
            return HypErrno.EOPNOTSUPP;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle, gfn);
            return checked == HypErrno.OK ? relinquishLocked(handle, gfn) : checked;
        } finally {
            el2.lock.exit();
        }
    }

    private long relinquishLocked(long handle, long gfn) {
        long where = tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        long leaf = tables.entry(where);
        long checked = checkLeaf(where, leaf, PageState.OWNED);
        if (checked != HypErrno.OK) {
            return checked == HypErrno.ENOENT ? HypErrno.OK
                    : checked == HypErrno.EHWPOISON ? HypErrno.EPERM : checked;
        }
        long pfn = Descriptor.address(leaf) >>> Paging.PAGE_SHIFT;
        long word = pages.word(pfn);
        if (HypPage.pins(word) != 0) {
            return HypErrno.EBUSY;
        }
        if (HypPage.host(word) != PageState.NOPAGE) {
            return HypErrno.EPERM;
        }
        tables.set(where, 0);
        el2.memory.zero(Descriptor.address(leaf), Paging.PAGE_SIZE);
        el2.protectedGuestCalls().giveToHost(pfn, word);
        return HypErrno.OK;
    }

    /// The guest declares a page to be MMIO, so that no memory can appear there: EPERM if there is memory, ENOMEM if it has declared
    /// too many.
    public long guardMmio(long handle, long gfn) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle, gfn);
            if (checked != HypErrno.OK) {
                return checked;
            }
            if (tables.entry(tables.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K)) != 0) {
                return HypErrno.EPERM;
            }
            return el2.vms.guard(handle).add(gfn) ? HypErrno.OK : HypErrno.ENOMEM;
        } finally {
            el2.lock.exit();
        }
    }

    /// The guest asks that only declared pages are MMIO from now on.
    public long enrollMmioGuard(long handle) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long checked = checkVm(handle, 0);
            if (checked == HypErrno.OK) {
                el2.vms.guard(handle).enroll();
            }
            return checked;
        } finally {
            el2.lock.exit();
        }
    }

    /// Whether a VM can make calls, with the lock held: one that has passed cannot end before the call does.
    private long checkVm(long handle, long gfn) {
        if (!el2.vms.exists(handle)) {
            return HypErrno.EINVAL;
        }
        if (!el2.vms.isProtected(handle)) {
            return HypErrno.EPERM;
        }
        return gfn >= 0 && gfn < GuestStage2.GFN_LIMIT ? HypErrno.OK : HypErrno.ERANGE;
    }
}
