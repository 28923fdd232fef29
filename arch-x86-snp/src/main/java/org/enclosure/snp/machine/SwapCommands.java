package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.PhysicalMemory;

/// SNP_PAGE_MD_INIT, SNP_PAGE_MOVE, and SNP_PAGE_SWAP_OUT and SNP_PAGE_SWAP_IN of 4K pages (SEV-SNP firmware ABI 56860, chapter 8 and table 2). Any thread; each
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

    private final FirmwareEntries entries;
    private final CarriedPages pages;
    private final PhysicalMemory memory;

    SwapCommands(FirmwareEntries entries, PhysicalMemory memory) {
        this.entries = entries;
        pages = new CarriedPages(entries);
        this.memory = memory;
    }

    /// SNP_PAGE_MD_INIT: a 4K Firmware page becomes a Metadata page of a context, with no entry valid.
    public int initMetadata(long spa, long context) {
        int code = pages.initMetadata(spa, context);
        if (code == FirmwareCode.SUCCESS && isPage(spa)) {
            memory.zero(spa, Paging.PAGE_SIZE);
        }
        return code;
    }

    /// SNP_PAGE_MOVE: a guest's page of 4K or 2M goes to another system page, a metadata page to a firmware page.
    ///
    /// @param asid the guest's
    public int move(long asid, long from, long to) {
        int code = pages.checkMove(asid, from, to);
        if (code != FirmwareCode.SUCCESS) {
            return code;
        }
        boolean isLarge = FirmwareEntries.isLarge(entries.lo(from >>> Paging.PAGE_SHIFT));
        long bytes = isLarge ? Paging.PAGES_PER_2M << Paging.PAGE_SHIFT : Paging.PAGE_SIZE;
        if (!memory.contains(from, bytes) || !memory.contains(to, bytes)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        code = pages.move(from, to);
        if (code == FirmwareCode.SUCCESS) {
            memory.copy(from, to, bytes);
        }
        return code;
    }

    /// SNP_PAGE_SWAP_OUT: the page's ciphertext goes to `to`, what its entry says goes to the metadata entry. A guest's page becomes
    /// Pre-Guest, a metadata page the firmware's.
    ///
    /// @param asid the guest's; a metadata page has none
    public int swapOut(long asid, long from, long to, long entry) {
        long lo = entries.lo(from >>> Paging.PAGE_SHIFT);
        int state = PageState.of(lo);
        if (!isEntryAddress(entry) || !isPage(from) || !isPage(to)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isGuest = state == PageState.PRE_SWAP || state == PageState.PRE_GUEST;
        boolean isMetadata = state == PageState.METADATA && entry >>> Paging.PAGE_SHIFT != from >>> Paging.PAGE_SHIFT;
        if (!isGuest && !isMetadata || !isHostSide(to) || !isInMetadata(entry)) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (isGuest && RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        if (FirmwareEntries.isLarge(lo)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        long hi = entries.hi(from >>> Paging.PAGE_SHIFT);
        int code = pages.cleared(from);
        if (code == FirmwareCode.SUCCESS) {
            save(RmpEntry.asid(lo), from, to, entry, lo);
            memory.putLong(entry + MASKS, hi);
        }
        return code;
    }

    private void save(long asid, long from, long to, long entry, long lo) {
        long gpa = RmpEntry.gpa(lo);
        long[] words = read(from);
        memory.putLong(entry + TAG, tag(words, gpa, asid));
        memory.putLong(entry + INFO, gpa | VALID | ((lo & RmpEntry.VALIDATED) != 0 ? PAGE_VALIDATED : 0)
                | (asid != 0 && (lo & RmpEntry.VMSA) != 0 ? PAGE_VMSA : 0) | (asid == 0 ? IS_METADATA : 0));
        turn(words, gpa, asid);
        write(to, words);
    }

    /// SNP_PAGE_SWAP_IN: the reverse, into a Pre-Guest page, or a firmware page for metadata. A guest's page is Pre-Swap only if the entry
    /// says validated.
    public int swapIn(long asid, long from, long to, long entry) {
        long lo = entries.lo(to >>> Paging.PAGE_SHIFT);
        if (!isEntryAddress(entry) || !isPage(from) || !isPage(to)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        boolean isGuest = PageState.of(lo) == PageState.PRE_GUEST;
        if (!isGuest && PageState.of(lo) != PageState.FIRMWARE || !isInMetadata(entry)) {
            return FirmwareCode.INVALID_PAGE_STATE;
        }
        if (isGuest && RmpEntry.asid(lo) != asid) {
            return FirmwareCode.INVALID_PAGE_OWNER;
        }
        if (FirmwareEntries.isLarge(lo)) {
            return FirmwareCode.INVALID_PAGE_SIZE;
        }
        long info = memory.getLong(entry + INFO);
        if ((info & VALID) == 0 || (info & IS_METADATA) != 0 == isGuest) {
            return FirmwareCode.INVALID_MDATA_ENTRY;
        }
        return restore(isGuest ? asid : 0, from, to, entry, info);
    }

    private int restore(long asid, long from, long to, long entry, long info) {
        long gpa = info & RmpEntry.GPA_MASK;
        long[] words = read(from);
        turn(words, gpa, asid);
        if (tag(words, gpa, asid) != memory.getLong(entry + TAG)) {
            return FirmwareCode.BAD_MEASUREMENT;
        }
        long saved = gpa | ((info & PAGE_VALIDATED) != 0 ? RmpEntry.VALIDATED : 0)
                | ((info & PAGE_VMSA) != 0 ? RmpEntry.VMSA : 0);
        int code = pages.restore(to, saved, memory.getLong(entry + MASKS));
        if (code == FirmwareCode.SUCCESS) {
            write(to, words);
            memory.putLong(entry + INFO, info & ~VALID);
        }
        return code;
    }

    private long[] read(long page) {
        long[] words = new long[(int) (Paging.PAGE_SIZE / Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = memory.getLong(page + (long) i * Long.BYTES);
        }
        return words;
    }

    private void write(long page, long[] words) {
        for (int i = 0; i < words.length; i++) {
            memory.putLong(page + (long) i * Long.BYTES, words[i]);
        }
    }

    /// Its own inverse, like [Ciphertext]; by the GPA, because the page may come back elsewhere.
    private static void turn(long[] words, long gpa, long asid) {
        for (int i = 0; i < words.length; i++) {
            words[i] = Ciphertext.of(words[i], gpa + (long) i * Long.BYTES, -asid);
        }
    }

    private static long tag(long[] words, long gpa, long asid) {
        long sum = gpa ^ asid;
        for (int i = 0; i < words.length; i++) {
            sum = Ciphertext.of(words[i] + Long.rotateLeft(sum, 7), gpa + (long) i * Long.BYTES, sum);
        }
        return sum;
    }

    private boolean isHostSide(long spa) {
        int state = PageState.of(entries.lo(spa >>> Paging.PAGE_SHIFT));
        return state == PageState.FIRMWARE || state == PageState.HYPERVISOR && !entries.isCovered(spa);
    }

    private boolean isInMetadata(long entry) {
        return PageState.of(entries.lo(entry >>> Paging.PAGE_SHIFT)) == PageState.METADATA;
    }

    private boolean isEntryAddress(long entry) {
        return (entry & ENTRY_BYTES - 1) == 0 && memory.contains(entry, ENTRY_BYTES);
    }

    private boolean isPage(long spa) {
        return Paging.isPageAligned(spa) && memory.contains(spa, Paging.PAGE_SIZE);
    }
}
