package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;

/// What the commands that carry pages elsewhere do to the states of pages: SNP_PAGE_MOVE, SNP_PAGE_MD_INIT, SNP_PAGE_SWAP_OUT and
/// SNP_PAGE_SWAP_IN (SEV-SNP firmware ABI 56860, chapter 8).
final class CarriedPages {
    private final FirmwareEntries entries;

    CarriedPages(FirmwareEntries entries) {
        this.entries = entries;
    }

    /// The checks of SNP_PAGE_MOVE: a guest's page goes to another system page, a metadata page to a firmware page.
    ///
    /// @param asid the guest's
    int checkMove(long asid, long from, long to) {
        long source = entries.lo(from >>> Paging.PAGE_SHIFT);
        long target = entries.lo(to >>> Paging.PAGE_SHIFT);
        int state = PageState.of(source);
        boolean isMetadata = state == PageState.METADATA && PageState.of(target) == PageState.FIRMWARE;
        boolean isGuest = (state == PageState.PRE_SWAP || state == PageState.PRE_GUEST)
                && PageState.of(target) == PageState.PRE_GUEST && from != to;
        if (!isMetadata && !isGuest) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        boolean large = FirmwareEntries.isLarge(source);
        if (large != FirmwareEntries.isLarge(target)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        if (!FirmwareEntries.isAligned(from, large) || !FirmwareEntries.isAligned(to, large)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isOwned = RmpEntry.asid(source) == asid && RmpEntry.asid(target) == asid;
        return isGuest && !isOwned ? FirmwareCode.INVALID_PAGE_OWNER : FirmwareCode.SUCCESS;
    }

    /// The change of SNP_PAGE_MOVE, after [#checkMove].
    int move(long from, long to) {
        long source = entries.lo(from >>> Paging.PAGE_SHIFT);
        long target = entries.lo(to >>> Paging.PAGE_SHIFT);
        return PageState.of(source) == PageState.METADATA ? moveMetadata(from, source, to, target)
                : moveGuest(from, source, to, target);
    }

    private int moveMetadata(long from, long source, long to, long target) {
        int code = entries.change(to >>> Paging.PAGE_SHIFT, target, source & ~RmpEntry.COUNT_MASK, 0);
        return code != FirmwareCode.SUCCESS ? code
                : entries.change(from >>> Paging.PAGE_SHIFT, source, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0);
    }

    private int moveGuest(long from, long source, long to, long target) {
        long moved = RmpEntry.VALIDATED | RmpEntry.VMSA | RmpEntry.GPA_MASK;
        long hi = entries.hi(from >>> Paging.PAGE_SHIFT);
        int code = entries.change(to >>> Paging.PAGE_SHIFT, target,
                target & ~(RmpEntry.IMMUTABLE | moved) | source & moved, hi);
        return code != FirmwareCode.SUCCESS ? code
                : entries.change(from >>> Paging.PAGE_SHIFT, source,
                        source & ~(RmpEntry.IMMUTABLE | RmpEntry.VALIDATED | RmpEntry.VMSA),
                        RmpEntry.FRESH_PERMISSIONS);
    }

    /// The page part of SNP_PAGE_MD_INIT.
    int initMetadata(long spa, long context) {
        return entries.fromFirmware(spa, RmpEntry.of(RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, context, 0, 0));
    }

    /// The page part of SNP_PAGE_SWAP_IN: a Pre-Guest page, or a firmware page for metadata, gets back what the metadata entry kept.
    ///
    /// @param saved validated, VMSA and GPA bits
    int restore(long spa, long saved, long hi) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = entries.lo(pfn);
        long kept = RmpEntry.VALIDATED | RmpEntry.VMSA | RmpEntry.GPA_MASK;
        return entries.change(pfn, lo, lo & ~kept | saved & kept, hi);
    }

    /// The page part of SNP_PAGE_SWAP_OUT: what was Pre-Swap or Pre-Guest is Pre-Guest, what was Metadata is the firmware's.
    int cleared(long spa) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        long lo = entries.lo(pfn);
        return PageState.of(lo) == PageState.METADATA
                ? entries.change(pfn, lo, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE, 0)
                : entries.change(pfn, lo, lo & ~(RmpEntry.VALIDATED | RmpEntry.VMSA), RmpEntry.FRESH_PERMISSIONS);
    }
}
