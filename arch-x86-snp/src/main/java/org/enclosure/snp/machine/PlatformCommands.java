package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;

/// SNP_INIT_EX and SNP_SHUTDOWN_EX (SEV-SNP firmware ABI 56860, chapter 8), as far as they touch pages. A machine is initialised when
/// it is built. For a machine without running guests; each answers a [FirmwareCode].
public final class PlatformCommands {
    private final RmpTable table;
    private final FirmwareEntries entries;
    private final SecureProcessor processor;

    PlatformCommands(RmpTable table, FirmwareEntries entries, SecureProcessor processor) {
        this.table = table;
        this.entries = entries;
        this.processor = processor;
    }

    /// SNP_INIT_EX with INIT_RMP: all pages are the hypervisor's, but one range that is so for ever, and the pages that hold the RMP, which
    /// are the firmware's. Pages without an entry are left out.
    ///
    /// @param fixed address of the range
    /// @param fixedPages its 4K pages
    /// @param rmp address of the RMP
    /// @param rmpPages its 4K pages
    public int init(long fixed, long fixedPages, long rmp, long rmpPages) {
        if (processor.isInitialised()) {
            return FirmwareCode.INVALID_PLATFORM_STATE;
        }
        if (!Paging.isPageAligned(fixed) || !Paging.isPageAligned(rmp)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        table.clear();
        fill(fixed, fixedPages, RmpEntry.IMMUTABLE);
        fill(rmp, rmpPages, RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE);
        processor.setInitialised(true);
        return FirmwareCode.SUCCESS;
    }

    private void fill(long spa, long npages, long lo) {
        long first = Math.min(spa >>> Paging.PAGE_SHIFT, table.limit());
        long left = table.limit() - first;
        long end = Long.compareUnsigned(npages, left) < 0 ? first + npages : table.limit();
        for (long pfn = first; pfn < end; pfn++) {
            entries.force(pfn, lo);
        }
    }

    /// SNP_SHUTDOWN_EX: forgets all guests. Of immutable pages only those of the IOMMU are given up, and only if that is asked for; the
    /// others stay as they are until they are reclaimed or the machine is initialised again.
    public int shutdown(boolean iommu) {
        if (!processor.isInitialised()) {
            return FirmwareCode.INVALID_PLATFORM_STATE;
        }
        processor.setInitialised(false);
        for (long pfn = 0; iommu && pfn < table.limit(); pfn++) {
            if (isIommus(entries.lo(pfn))) {
                entries.force(pfn, RmpEntry.ASSIGNED);
            }
        }
        return FirmwareCode.SUCCESS;
    }

    private static boolean isIommus(long lo) {
        return PageState.of(lo) == PageState.FIRMWARE && RmpEntry.gpa(lo) != 0;
    }
}
