package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.PageState;

/// Transitions of one page between host, hypervisor and secure world, and the host's own accesses.
///
/// Source: the kernel's `mem_protect` transitions, as they are described with the protected-guest series. Operands are physical
/// addresses of pages, multiples of 4096. Answers: 0, or EINVAL (the range crosses a region), EPERM (no RAM, or the wrong state),
/// ERESTART, and what is said at the call.
public final class HostCalls {
    /// The calls that change something.
    private enum Call {
        HOST_SHARE_HYP, HOST_UNSHARE_HYP, HOST_DONATE_HYP, HYP_DONATE_HOST, HYP_PIN, HYP_UNPIN, HOST_SHARE_FFA,
        HOST_UNSHARE_FFA
    }

    private final El2 el2;
    private final HypPages pages;
    private final HostStage2 host;

    HostCalls(El2 el2) {
        this.el2 = el2;
        pages = el2.pages;
        host = el2.hostStage2;
    }

    /// The host shares a page of its own with the hypervisor.
    public long hostShareHyp(long pa) {
        return perform(Call.HOST_SHARE_HYP, pa);
    }

    /// The host takes a page back that it shares with the hypervisor: EBUSY if it is pinned.
    public long hostUnshareHyp(long pa) {
        return perform(Call.HOST_UNSHARE_HYP, pa);
    }

    /// The host gives a page to the hypervisor.
    public long hostDonateHyp(long pa) {
        return perform(Call.HOST_DONATE_HYP, pa);
    }

    /// The hypervisor gives a page back to the host: EBUSY (7.1) if it is counted as used.
    public long hypDonateHost(long pa) {
        return perform(Call.HYP_DONATE_HOST, pa);
    }

    /// The hypervisor pins a page that the host shares with it: EBUSY if no more pins can be counted.
    public long hypPin(long pa) {
        return perform(Call.HYP_PIN, pa);
    }

    /// The hypervisor takes a pin back: EINVAL if there is none.
    public long hypUnpin(long pa) {
        return perform(Call.HYP_UNPIN, pa);
    }

    /// The host shares a page of its own with the secure world, which is recorded on the host's side alone.
    public long hostShareFfa(long pa) {
        return perform(Call.HOST_SHARE_FFA, pa);
    }

    /// The host takes a page back from the secure world. Only the host's state is looked at: of a page that is shared with somebody
    /// else this makes one that its owner believes to have alone, so it must not be called for such a page.
    public long hostUnshareFfa(long pa) {
        return perform(Call.HOST_UNSHARE_FFA, pa);
    }

    /// Checks where the page lies, and performs a call with the lock held.
    private long perform(Call call, long pa) {
        long checked = el2.regions.check(pa, Paging.PAGE_SIZE);
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            return switch (call) {
                case HOST_SHARE_HYP -> shareHyp(pfn(pa));
                case HOST_UNSHARE_HYP -> unshareHyp(pfn(pa));
                case HOST_DONATE_HYP -> donateLocked(pa);
                case HYP_DONATE_HOST -> returnLocked(pa);
                case HYP_PIN -> pin(pfn(pa), 1);
                case HYP_UNPIN -> pin(pfn(pa), -1);
                case HOST_SHARE_FFA -> hostOnly(pfn(pa), PageState.OWNED, PageState.SHARED_OWNED);
                case HOST_UNSHARE_FFA -> hostOnly(pfn(pa), PageState.SHARED_OWNED, PageState.OWNED);
            };
        } finally {
            el2.lock.exit();
        }
    }

    private long shareHyp(long pfn) {
        long word = pages.word(pfn);
        if (HypPage.host(word) != PageState.OWNED || HypPage.hyp(word) != PageState.NOPAGE) {
            return HypErrno.EPERM;
        }
        pages.set(pfn, states(word, PageState.SHARED_OWNED, PageState.SHARED_BORROWED));
        return HypErrno.OK;
    }

    private long unshareHyp(long pfn) {
        long word = pages.word(pfn);
        if (!isSharedWithHyp(word)) {
            return HypErrno.EPERM;
        }
        if (HypPage.pins(word) != 0) {
            return HypErrno.EBUSY;
        }
        pages.set(pfn, states(word, PageState.OWNED, PageState.NOPAGE));
        return HypErrno.OK;
    }

    /// [#hostDonateHyp] of a page in RAM, with the lock held.
    long donateLocked(long pa) {
        long word = pages.word(pfn(pa));
        if (HypPage.host(word) != PageState.OWNED || HypPage.hyp(word) != PageState.NOPAGE) {
            return HypErrno.EPERM;
        }
        host.annotate(pfn(pa), Annotation.hyp(el2.profile.isForcing()));
        pages.set(pfn(pa), states(word, PageState.NOPAGE, PageState.OWNED));
        return HypErrno.OK;
    }

    /// [#hypDonateHost] of a page in RAM, with the lock held.
    long returnLocked(long pa) {
        long word = pages.word(pfn(pa));
        if (HypPage.hyp(word) != PageState.OWNED || HypPage.host(word) != PageState.NOPAGE) {
            return HypErrno.EPERM;
        }
        if (el2.profile.isForcing() && HypPage.pins(word) != 0) {
            return HypErrno.EBUSY;
        }
        host.map(pfn(pa));
        pages.set(pfn(pa), states(word, PageState.OWNED, PageState.NOPAGE));
        return HypErrno.OK;
    }

    private long hostOnly(long pfn, int needs, int gets) {
        long word = pages.word(pfn);
        if (HypPage.host(word) != needs) {
            return HypErrno.EPERM;
        }
        pages.set(pfn, HypPage.withHost(word, gets));
        return HypErrno.OK;
    }

    private long pin(long pfn, int change) {
        long word = pages.word(pfn);
        if (!isSharedWithHyp(word)) {
            return HypErrno.EPERM;
        }
        long pins = HypPage.pins(word) + change;
        if (pins < 0 || pins > HypPage.MAX_PINS) {
            return pins < 0 ? HypErrno.EINVAL : HypErrno.EBUSY;
        }
        pages.set(pfn, HypPage.withPins(word, pins));
        return HypErrno.OK;
    }

    private static boolean isSharedWithHyp(long word) {
        return HypPage.host(word) == PageState.SHARED_OWNED && HypPage.hyp(word) == PageState.SHARED_BORROWED;
    }

    /// An access of the host: OK, and the page is in the host's stage 2 if that could be done at once; EPERM if the page was given
    /// away, which on old kernels is the hypervisor's end. Never waits. A page that stage 2 maps is decided by that alone, as an MMU does.
    public long hostAccess(long pfn) {
        long descriptor = host.descriptor(pfn);
        if (Descriptor.isValid(descriptor)) {
            return HypErrno.OK;
        }
        if (HypPage.host(pages.word(pfn)) == PageState.NOPAGE) {
            if (el2.profile.isPanicking()) {
                el2.panic();
            }
            return HypErrno.EPERM;
        }
        if (descriptor == Annotation.NONE && el2.lock.tryEnter()) {
            try {
                return host.fault(pfn);
            } finally {
                el2.lock.exit();
            }
        }
        return HypErrno.OK;
    }

    private static long states(long word, int hostState, int hypState) {
        return HypPage.withHyp(HypPage.withHost(word, hostState), hypState);
    }

    private static long pfn(long pa) {
        return pa >>> Paging.PAGE_SHIFT;
    }
}
