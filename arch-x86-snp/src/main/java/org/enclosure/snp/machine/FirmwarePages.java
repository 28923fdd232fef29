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
    private final FirmwareEntries entries;
    private volatile boolean vmplsOn = true; // ORDERING: written by setVmpls, partner check

    FirmwarePages(RmpTable table, FirmwareEntries entries) {
        this.table = table;
        this.entries = entries;
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
        if (!FirmwareEntries.isAligned(spa, large)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        long lo = entries.lo(spa >>> Paging.PAGE_SHIFT);
        if (PageState.of(lo) != PageState.PRE_GUEST) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (asid == 0) {
            return FirmwareCode.INACTIVE;
        }
        if (RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        if (large != FirmwareEntries.isLarge(lo)) {
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
        long lo = entries.lo(pfn);
        long vmsa = type == PageType.VMSA ? RmpEntry.VMSA : 0;
        return PageState.of(lo) != PageState.PRE_GUEST ? FirmwareCode.BUSY
                : entries.change(pfn, lo, lo & ~RmpEntry.IMMUTABLE | RmpEntry.VALIDATED | vmsa,
                        masks << 8 | RmpEntry.ALL_PERMISSIONS);
    }

    /// SNP_PAGE_RECLAIM: a page that is not immutable is left as it is; Pre-Guest becomes Guest-Invalid, Pre-Swap Guest-Valid,
    /// Firmware and Metadata Reclaim.
    public int reclaim(long spa, boolean large) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = entries.lo(pfn);
        if ((lo & RmpEntry.IMMUTABLE) == 0) {
            return FirmwareCode.SUCCESS;
        }
        int state = PageState.of(lo);
        if (state == PageState.CONTEXT || state == PageState.HV_FIXED) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (large != FirmwareEntries.isLarge(lo)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        if (!FirmwareEntries.isAligned(spa, large)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isGuest = state == PageState.PRE_GUEST || state == PageState.PRE_SWAP;
        return entries.change(pfn, lo, isGuest ? lo & ~RmpEntry.IMMUTABLE : RmpEntry.ASSIGNED, entries.hi(pfn));
    }

    /// SNP_PAGE_UNSMASH: 512 immutable 4K pages of one guest, alike and consecutive, become one of 2M. The address is asked for
    /// aligned; that the first GPA is not is an illegal state of the page.
    public int unsmash(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long first = entries.lo(pfn) & ~RmpEntry.COUNT_MASK;
        int state = PageState.of(first);
        boolean isLegal = FirmwareEntries.isAligned(spa, true) && FirmwareEntries.isAligned(RmpEntry.gpa(first), true)
                && (state == PageState.PRE_GUEST || state == PageState.PRE_SWAP) && !FirmwareEntries.isLarge(first)
                && (first & RmpEntry.VMSA) == 0;
        if (!isLegal) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        for (long i = 1; i < Paging.PAGES_PER_2M; i++) {
            if (table.lo(pfn + i) != first + (i << Paging.PAGE_SHIFT) || entries.hi(pfn + i) != entries.hi(pfn)) {
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

    /// SNP_GCTX_CREATE: a 4K Firmware page becomes a Context page.
    public int createContext(long spa) {
        return entries.fromFirmware(spa, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE | RmpEntry.VMSA);
    }

    /// The page part of SNP_DECOMMISSION: a Context page becomes a Firmware page.
    public int decommission(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = entries.lo(pfn);
        return PageState.of(lo) != PageState.CONTEXT ? FirmwareCode.INVALID_GUEST
                : entries.change(pfn, lo, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
    }

    /// SNP_PAGE_SET_STATE to HV-Fixed of one range of 2M blocks of Firmware pages; pages without an entry are left out. All or
    /// nothing.
    public int setFixed(long spa, long npages) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!FirmwareEntries.isAligned(spa, true) || !Paging.isAligned(npages, Paging.LEVEL_2M)) {
            return FirmwareCode.INVALID_PARAM;
        }
        for (long at = pfn; at < pfn + npages; at++) {
            if (table.covers(at)
                    && (PageState.of(table.lo(at)) != PageState.FIRMWARE || FirmwareEntries.isLarge(table.lo(at)))) {
                return FirmwareCode.INVALID_PAGE_STATE;
            }
        }
        for (long at = pfn; at < pfn + npages; at++) {
            int code = table.covers(at) ? entries.change(at, table.lo(at), RmpEntry.IMMUTABLE, 0)
                    : FirmwareCode.SUCCESS;
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
                entries.change(at, table.lo(at), RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
            }
        }
    }
}
