package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;

/// What reports and tests see of EL2, and the states that tests force.
public final class Inspection {
    private final El2 el2;

    Inspection(El2 el2) {
        this.el2 = el2;
    }

    /// Whether an address is a page of RAM.
    public boolean isRam(long pa) {
        return Paging.isPageAligned(pa) && el2.regions.check(pa, Paging.PAGE_SIZE) == HypErrno.OK;
    }

    /// The record of a frame, a [HypPage] word.
    public long page(long pfn) {
        return el2.pages.word(pfn);
    }

    /// Who the host's stage 2 says a frame belongs to: HOST where there is no annotation.
    public int owner(long pfn) {
        long descriptor = el2.hostStage2.descriptor(pfn);
        return Descriptor.isValid(descriptor) ? Owner.HOST : Annotation.owner(descriptor);
    }

    /// Whose a frame is, as far as annotations tell: the handle of a VM (kernels from 7.1 on), else a constant of [Owner]; -1 if it is
    /// the host's.
    public long ownerHandle(long pfn) {
        int owner = owner(pfn);
        return owner == Owner.HOST ? -1
                : owner == Owner.GUEST && el2.profile.isForcing() ? Annotation.handle(hostDescriptor(pfn)) : owner;
    }

    /// The descriptor of the host's stage 2 that decides about a frame.
    public long hostDescriptor(long pfn) {
        return el2.hostStage2.descriptor(pfn);
    }

    /// The level at which that descriptor stands.
    public int hostLevel(long pfn) {
        return el2.hostStage2.level(pfn);
    }

    /// Whether there is such a VM.
    public boolean exists(long handle) {
        return el2.vms.exists(handle);
    }

    /// Whether a VM is protected.
    public boolean isProtected(long handle) {
        return el2.vms.isProtected(handle);
    }

    /// Whether a VM ends.
    public boolean isDying(long handle) {
        return el2.vms.isDying(handle);
    }

    /// How many vCPUs of a VM are loaded.
    public int loaded(long handle) {
        return el2.vms.loaded(handle);
    }

    /// How many pages a VM's memcache has.
    public int memcache(long handle) {
        return el2.vms.cache(handle).size();
    }

    /// The root of a VM's stage 2.
    public long root(long handle) {
        return el2.vms.root(handle);
    }

    /// The entry that decides about a gfn of a VM.
    public long guestDescriptor(long handle, long gfn) {
        return el2.guestStage2.entry(where(handle, gfn));
    }

    /// The level at which that entry stands.
    public int guestLevel(long handle, long gfn) {
        return GuestStage2.level(where(handle, gfn));
    }

    /// The state of a guest page.
    public int guestState(long handle, long gfn) {
        return GuestStage2.state(guestDescriptor(handle, gfn));
    }

    /// The frame behind a gfn, or -1.
    public long guestPfn(long handle, long gfn) {
        long where = where(handle, gfn);
        long entry = el2.guestStage2.entry(where);
        return Descriptor.isValid(entry) ? GuestStage2.address(where, entry, gfn) >>> Paging.PAGE_SHIFT : -1;
    }

    /// How many tables a leaf of `level` at a gfn still needs, beyond those in the memcache.
    public int tablesMissing(long handle, long gfn, int level) {
        long where = el2.guestStage2.find(el2.vms.root(handle), gfn, level);
        return el2.guestStage2.missing(where, level) - el2.vms.cache(handle).size();
    }

    /// The first gfn from `gfn` on that is mapped, -1 if there is none; -2 - gfn if the search has to go on there.
    public long nextLeaf(long handle, long gfn) {
        return el2.guestStage2.nextLeaf(el2.vms.root(handle), gfn, SEARCH_STEPS);
    }

    /// Entries that one search looks at.
    private static final int SEARCH_STEPS = 4096;

    /// Forces the record of a page and the annotation of the host's stage 2.
    ///
    /// @param handle VM of an annotation for a guest
    public void forcePage(long pfn, long word, int owner, long handle, long gfn) {
        el2.pages.set(pfn, word);
        boolean typed = el2.profile.isForcing();
        switch (owner) {
            case Owner.HYP -> el2.hostStage2.annotate(pfn, Annotation.hyp(typed));
            case Owner.GUEST -> el2.hostStage2.annotate(pfn, Annotation.guest(typed, handle, gfn));
            default -> el2.hostStage2.map(pfn);
        }
    }

    /// Forces a 4K leaf of a guest.
    ///
    /// @return 0, or ENOMEM if tables are missing
    public long forceLeaf(long handle, long gfn, int state, long pa) {
        long where = el2.guestStage2.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
        if (el2.guestStage2.missing(where, Paging.LEVEL_4K) > memcache(handle)) {
            return HypErrno.ENOMEM;
        }
        long at = el2.guestStage2.link(where, gfn, Paging.LEVEL_4K, el2.vms.cache(handle));
        el2.guestStage2.set(at, switch (state) {
            case PageState.NOPAGE -> 0;
            case PageState.POISON -> Annotation.POISON;
            default -> Descriptor.leaf(pa, Paging.LEVEL_4K, state);
        });
        return HypErrno.OK;
    }

    private long where(long handle, long gfn) {
        return el2.guestStage2.find(el2.vms.root(handle), gfn, Paging.LEVEL_4K);
    }
}
