package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.launch.PageType;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;

/// What firmware commands do to the states of pages (SEV-SNP firmware ABI 56860, chapter 8): one method per command, its checks in
/// the order of the document. Any thread; each answers a [FirmwareCode].
///
/// Where two errors coincide, published firmware checks in another order than its document; what is answered then is the
/// document's, and nobody should rely on it.
public final class FirmwarePages {
    private static final long MASK_BITS = 0x0f_0f0f;

    private final RmpTable table;
    private volatile boolean vmplsOn = true; // ORDERING: written by setVmpls, partner check

    FirmwarePages(RmpTable table) {
        this.table = table;
    }

    /// Turns privilege levels on or off for the whole machine (SYSCFG, VMPL_EN). They are on at first.
    public void setVmpls(boolean on) {
        vmplsOn = on;
    }

    /// The page part of SNP_LAUNCH_UPDATE: a Pre-Guest page becomes Guest-Valid.
    ///
    /// @param asid the guest's, 0 if it is not active
    /// @param type a [PageType]
    /// @param masks permissions of VMPL 1, 2 and 3 in bits 7:0, 15:8 and 23:16
    public int launchUpdate(long asid, long spa, boolean large, int type, long masks) {
        int code = check(asid, spa, large, type, masks, false);
        return code != FirmwareCode.SUCCESS ? code : commit(spa, type, masks);
    }

    /// The checks of SNP_LAUNCH_UPDATE that ask for the page and the parameters, in order: alignment, Pre-Guest, active, owner, size,
    /// migration image, permissions, sizes of special pages.
    ///
    /// @param lacksImi whether the guest takes pages of the initial migration image alone, and this is none
    int check(long asid, long spa, boolean large, int type, long masks, boolean lacksImi) {
        if (!isAligned(spa, large)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        long lo = lo(spa >>> Paging.PAGE_SHIFT);
        if (PageState.of(lo) != PageState.PRE_GUEST) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (asid == 0) {
            return FirmwareCode.INACTIVE;
        }
        if (RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        if (large != isLarge(lo)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        if (lacksImi || !PageType.isKnown(type) || (masks & ~(vmplsOn ? MASK_BITS : 0)) != 0) {
            return FirmwareCode.INVALID_PARAM;
        }
        return large && PageType.isSingle(type) ? FirmwareCode.INVALID_PAGE_SIZE : FirmwareCode.SUCCESS;
    }

    /// The change of SNP_LAUNCH_UPDATE, after [#check].
    int commit(long spa, int type, long masks) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        long vmsa = type == PageType.VMSA ? RmpEntry.VMSA : 0;
        return PageState.of(lo) != PageState.PRE_GUEST ? FirmwareCode.BUSY
                : change(pfn, lo, lo & ~RmpEntry.IMMUTABLE | RmpEntry.VALIDATED | vmsa,
                        masks << 8 | RmpEntry.ALL_PERMISSIONS);
    }

    /// SNP_PAGE_RECLAIM: a page that is not immutable is left as it is; Pre-Guest becomes Guest-Invalid, Pre-Swap Guest-Valid,
    /// Firmware and Metadata Reclaim.
    public int reclaim(long spa, boolean large) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        if ((lo & RmpEntry.IMMUTABLE) == 0) {
            return FirmwareCode.SUCCESS;
        }
        int state = PageState.of(lo);
        if (state == PageState.CONTEXT || state == PageState.HV_FIXED) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (large != isLarge(lo)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        if (!isAligned(spa, large)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isGuest = state == PageState.PRE_GUEST || state == PageState.PRE_SWAP;
        return change(pfn, lo, isGuest ? lo & ~RmpEntry.IMMUTABLE : RmpEntry.ASSIGNED, table.hi(pfn));
    }

    /// SNP_PAGE_UNSMASH: 512 immutable 4K pages of one guest, alike and consecutive, become one of 2M. The address is asked for
    /// aligned; that the first GPA is not is an illegal state of the page.
    public int unsmash(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long first = lo(pfn) & ~RmpEntry.COUNT_MASK;
        int state = PageState.of(first);
        boolean isLegal = isAligned(spa, true) && isAligned(RmpEntry.gpa(first), true)
                && (state == PageState.PRE_GUEST || state == PageState.PRE_SWAP) && !isLarge(first)
                && (first & RmpEntry.VMSA) == 0;
        if (!isLegal) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        for (long i = 1; i < Paging.PAGES_PER_2M; i++) {
            if (table.lo(pfn + i) != first + (i << Paging.PAGE_SHIFT) || table.hi(pfn + i) != table.hi(pfn)) {
                return FirmwareCode.INVALID_PAGE_STATE;
            }
        }
        return join(pfn, first);
    }

    private int join(long pfn, long first) {
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return FirmwareCode.BUSY;
        }
        long hi = region.ownHi(0);
        for (int index = 1; index < RmpRegion.PAGES; index++) {
            region.set(index, 0, 0);
        }
        region.setHead(first | RmpEntry.LARGE, hi);
        region.release();
        return FirmwareCode.SUCCESS;
    }

    /// The checks of SNP_PAGE_MOVE: a guest's page goes to another system page, a metadata page to a firmware page.
    ///
    /// @param asid the guest's
    int checkMove(long asid, long from, long to) {
        long source = lo(from >>> Paging.PAGE_SHIFT);
        long target = lo(to >>> Paging.PAGE_SHIFT);
        int state = PageState.of(source);
        boolean isMetadata = state == PageState.METADATA && PageState.of(target) == PageState.FIRMWARE;
        boolean isGuest = (state == PageState.PRE_SWAP || state == PageState.PRE_GUEST)
                && PageState.of(target) == PageState.PRE_GUEST && from != to;
        if (!isMetadata && !isGuest) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (isLarge(source) != isLarge(target)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        if (!isAligned(from, isLarge(source)) || !isAligned(to, isLarge(source))) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isOwned = RmpEntry.asid(source) == asid && RmpEntry.asid(target) == asid;
        return isGuest && !isOwned ? FirmwareCode.INVALID_PAGE_OWNER : FirmwareCode.SUCCESS;
    }

    /// The change of SNP_PAGE_MOVE, after [#checkMove].
    int move(long from, long to) {
        long source = lo(from >>> Paging.PAGE_SHIFT);
        long target = lo(to >>> Paging.PAGE_SHIFT);
        return PageState.of(source) == PageState.METADATA ? moveMetadata(from, source, to, target)
                : moveGuest(from, source, to, target);
    }

    private int moveMetadata(long from, long source, long to, long target) {
        int code = change(to >>> Paging.PAGE_SHIFT, target, source & ~RmpEntry.COUNT_MASK, 0);
        return code != FirmwareCode.SUCCESS ? code
                : change(from >>> Paging.PAGE_SHIFT, source, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
    }

    private int moveGuest(long from, long source, long to, long target) {
        long moved = RmpEntry.VALIDATED | RmpEntry.VMSA | RmpEntry.GPA_MASK;
        long hi = table.hi(from >>> Paging.PAGE_SHIFT);
        int code = change(to >>> Paging.PAGE_SHIFT, target,
                target & ~(RmpEntry.IMMUTABLE | moved) | source & moved, hi);
        return code != FirmwareCode.SUCCESS ? code
                : change(from >>> Paging.PAGE_SHIFT, source,
                        source & ~(RmpEntry.IMMUTABLE | RmpEntry.VALIDATED | RmpEntry.VMSA),
                        RmpEntry.FRESH_PERMISSIONS);
    }

    /// SNP_GCTX_CREATE: a 4K Firmware page becomes a Context page.
    public int createContext(long spa) {
        return fromFirmware(spa, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE | RmpEntry.VMSA);
    }

    /// The page part of SNP_DECOMMISSION: a Context page becomes a Firmware page.
    public int decommission(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        return PageState.of(lo) != PageState.CONTEXT ? FirmwareCode.INVALID_GUEST
                : change(pfn, lo, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
    }

    /// The page part of SNP_PAGE_MD_INIT.
    int initMetadata(long spa, long context) {
        return fromFirmware(spa, RmpEntry.of(RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, context, 0, 0));
    }

    private int fromFirmware(long spa, long to) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        if (!isAligned(spa, false)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        if (PageState.of(lo) != PageState.FIRMWARE) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        return isLarge(lo) ? FirmwareCode.INVALID_PAGE_SIZE : change(pfn, lo, to, 0);
    }

    /// SNP_PAGE_SET_STATE to HV-Fixed of one range of 2M blocks of Firmware pages; pages without an entry are left out. All or
    /// nothing.
    public int setFixed(long spa, long npages) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!isAligned(spa, true) || !Paging.isAligned(npages, Paging.LEVEL_2M)) {
            return FirmwareCode.INVALID_PARAM;
        }
        for (long at = pfn; at < pfn + npages; at++) {
            if (table.covers(at) && (PageState.of(table.lo(at)) != PageState.FIRMWARE || isLarge(table.lo(at)))) {
                return FirmwareCode.INVALID_PAGE_STATE;
            }
        }
        for (long at = pfn; at < pfn + npages; at++) {
            int code = table.covers(at) ? change(at, table.lo(at), RmpEntry.IMMUTABLE, 0) : FirmwareCode.SUCCESS;
            if (code != FirmwareCode.SUCCESS) {
                undoFixed(pfn, at);
                return code;
            }
        }
        return FirmwareCode.SUCCESS;
    }

    private void undoFixed(long from, long to) {
        for (long at = from; at < to; at++) {
            if (table.covers(at)) {
                change(at, table.lo(at), RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
            }
        }
    }

    /// The page part of SNP_PAGE_SWAP_IN: a Pre-Guest page, or a firmware page for metadata, gets back what the metadata entry kept.
    ///
    /// @param saved validated, VMSA and GPA bits
    int restore(long spa, long saved, long hi) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        long kept = RmpEntry.VALIDATED | RmpEntry.VMSA | RmpEntry.GPA_MASK;
        return change(pfn, lo, lo & ~kept | saved & kept, hi);
    }

    /// The page part of SNP_PAGE_SWAP_OUT: what was Pre-Swap or Pre-Guest is Pre-Guest, what was Metadata is the firmware's.
    int cleared(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = lo(pfn);
        return PageState.of(lo) == PageState.METADATA
                ? change(pfn, lo, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0)
                : change(pfn, lo, lo & ~(RmpEntry.VALIDATED | RmpEntry.VMSA), RmpEntry.FRESH_PERMISSIONS);
    }

    /// The entry that counts for a page; 0 for one that is not covered.
    long lo(long pfn) {
        return table.covers(pfn) ? table.lo(pfn) : 0;
    }

    long hi(long pfn) {
        return table.hi(pfn);
    }

    boolean isCovered(long spa) {
        return table.covers(spa >>> Paging.PAGE_SHIFT);
    }

    /// Writes the entry of a page, whatever it was; of one that is not covered there is none.
    void force(long pfn, long lo) {
        if (table.covers(pfn)) {
            change(pfn, table.lo(pfn), lo, 0);
        }
    }

    /// Replaces the entry that counts for a page, if it is still what was checked.
    private int change(long pfn, long expected, long lo, long hi) {
        RmpRegion region = table.need(pfn);
        if (!region.tryHold()) {
            return FirmwareCode.BUSY;
        }
        try {
            int index = (region.headLo() & RmpEntry.LARGE) != 0 ? 0 : RmpTable.index(pfn);
            if (((region.ownLo(index) ^ expected) & ~RmpEntry.COUNT_MASK) != 0) {
                return FirmwareCode.BUSY;
            }
            region.set(index, lo & ~RmpEntry.COUNT_MASK, hi);
            return FirmwareCode.SUCCESS;
        } finally {
            region.release();
        }
    }

    private static boolean isLarge(long lo) {
        return (lo & RmpEntry.LARGE) != 0;
    }

    private static boolean isAligned(long address, boolean large) {
        return (address & (large ? (Paging.PAGES_PER_2M << Paging.PAGE_SHIFT) - 1 : Paging.PAGE_MASK)) == 0;
    }
}
