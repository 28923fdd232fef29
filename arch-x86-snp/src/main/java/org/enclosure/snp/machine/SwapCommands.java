package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.PhysicalMemory;

/// SNP_PAGE_SWAP_OUT and SNP_PAGE_SWAP_IN of 4K guest pages (SEV-SNP firmware ABI 56860, chapter 8 and table 2). Any thread; each
/// answers a [FirmwareCode].
///
/// ```
/// metadata entry, 64 bytes
/// 00 software data   08 IV   10 tag (16 bytes)   20 GPA 63:12, 4 size, 3 metadata, 2 VMSA, 1 validated, 0 valid
/// 28 permission masks VMPL 0 to 3
/// ```
///
/// The tag is a checksum of the page under the guest's ASID, not a cipher's: it finds a page that was changed or exchanged.
public final class SwapCommands {
    private static final long ENTRY_BYTES = 64;
    private static final int TAG = 0x10;
    private static final int INFO = 0x20;
    private static final int MASKS = 0x28;
    private static final long VALID = 1;
    private static final long PAGE_VALIDATED = 1 << 1;
    private static final long PAGE_VMSA = 1 << 2;
    private static final long IS_METADATA = 1 << 3;

    private final FirmwarePages pages;
    private final PhysicalMemory memory;

    SwapCommands(FirmwarePages pages, PhysicalMemory memory) {
        this.pages = pages;
        this.memory = memory;
    }

    /// SNP_PAGE_SWAP_OUT: the page's ciphertext goes to `to`, what its entry says goes to the metadata entry, and the page becomes
    /// Pre-Guest.
    ///
    /// @param asid the guest's
    public int swapOut(long asid, long from, long to, long entry) {
        long lo = pages.lo(from >>> Paging.PAGE_SHIFT);
        int state = PageState.of(lo);
        if (!isEntryAddress(entry) || !isPage(from) || !isPage(to)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isGuest = state == PageState.PRE_SWAP || state == PageState.PRE_GUEST;
        if (!isGuest || !isHostSide(to) || !isMetadata(entry)) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        if ((lo & RmpEntry.LARGE) != 0) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        long hi = pages.hi(from >>> Paging.PAGE_SHIFT);
        int code = pages.cleared(from);
        if (code == FirmwareCode.SUCCESS) {
            encrypt(asid, from, to, RmpEntry.gpa(lo));
            memory.putLong(entry + TAG, tag(asid, from, RmpEntry.gpa(lo)));
            memory.putLong(entry + INFO, RmpEntry.gpa(lo) | VALID
                    | ((lo & RmpEntry.VALIDATED) != 0 ? PAGE_VALIDATED : 0)
                    | ((lo & RmpEntry.VMSA) != 0 ? PAGE_VMSA : 0));
            memory.putLong(entry + MASKS, hi);
        }
        return code;
    }

    /// SNP_PAGE_SWAP_IN: the reverse into a Pre-Guest page; the page is Pre-Swap only if the entry says validated.
    public int swapIn(long asid, long from, long to, long entry) {
        long lo = pages.lo(to >>> Paging.PAGE_SHIFT);
        if (!isEntryAddress(entry) || !isPage(from) || !isPage(to)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        if (PageState.of(lo) != PageState.PRE_GUEST || !isMetadata(entry)) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        long info = memory.getLong(entry + INFO);
        if ((info & VALID) == 0 || (info & IS_METADATA) != 0) {
            return FirmwareCode.INVALID_MDATA_ENTRY;
        }
        long gpa = info & RmpEntry.GPA_MASK;
        encrypt(asid, from, to, gpa);
        if (tag(asid, to, gpa) != memory.getLong(entry + TAG)) {
            return FirmwareCode.BAD_MEASUREMENT;
        }
        long saved = gpa | ((info & PAGE_VALIDATED) != 0 ? RmpEntry.VALIDATED : 0)
                | ((info & PAGE_VMSA) != 0 ? RmpEntry.VMSA : 0);
        int code = pages.restore(to, saved, memory.getLong(entry + MASKS));
        if (code == FirmwareCode.SUCCESS) {
            memory.putLong(entry + INFO, info & ~VALID);
        }
        return code;
    }

    /// Its own inverse, like [Ciphertext]; by the GPA, because the page may come back elsewhere.
    private void encrypt(long asid, long from, long to, long gpa) {
        for (long at = 0; at < Paging.PAGE_SIZE; at += Long.BYTES) {
            memory.putLong(to + at, Ciphertext.of(memory.getLong(from + at), gpa + at, -asid));
        }
    }

    private long tag(long asid, long page, long gpa) {
        long sum = gpa ^ asid;
        for (long at = 0; at < Paging.PAGE_SIZE; at += Long.BYTES) {
            sum = Ciphertext.of(memory.getLong(page + at) + Long.rotateLeft(sum, 7), gpa + at, sum);
        }
        return sum;
    }

    private boolean isHostSide(long spa) {
        int state = PageState.of(pages.lo(spa >>> Paging.PAGE_SHIFT));
        return state == PageState.FIRMWARE || state == PageState.HYPERVISOR && !pages.isCovered(spa);
    }

    private boolean isMetadata(long entry) {
        return PageState.of(pages.lo(entry >>> Paging.PAGE_SHIFT)) == PageState.METADATA;
    }

    private boolean isEntryAddress(long entry) {
        return (entry & ENTRY_BYTES - 1) == 0 && memory.contains(entry, ENTRY_BYTES);
    }

    private boolean isPage(long spa) {
        return Paging.isPageAligned(spa) && memory.contains(spa, Paging.PAGE_SIZE);
    }
}
