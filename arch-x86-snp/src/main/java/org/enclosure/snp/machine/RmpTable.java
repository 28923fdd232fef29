package org.enclosure.snp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
import org.jspecify.annotations.Nullable;

/// The RMP: one entry per system page, in regions of 2M that are allocated at first use. Any thread; readers take no lock.
///
/// The table is kept beside of system memory: no page of the machine is lost to it.
public final class RmpTable {
    private static final VarHandle REGION = MethodHandles.arrayElementVarHandle(RmpRegion[].class);
    private static final int INDEX_MASK = RmpRegion.PAGES - 1;

    private final RmpGeometry geometry;
    private final @Nullable RmpRegion[] regions;

    /// Creates a table in which all is the hypervisor's.
    ///
    /// @param limit first pfn that the machine does not have; what is neither below it nor covered has no entry
    public RmpTable(RmpGeometry geometry, long limit) {
        this.geometry = geometry;
        regions = new RmpRegion[Math.toIntExact(Paging.ceil(limit, Paging.LEVEL_2M) >>> Paging.LEVEL_SHIFT)];
    }

    /// Whether a page has an entry.
    public boolean covers(long pfn) {
        return geometry.covers(pfn) && pfn >>> Paging.LEVEL_SHIFT < regions.length;
    }

    /// Whether all pages of a block have entries.
    public boolean covers(long pfn, long npages) {
        return covers(pfn) && covers(pfn + npages - 1);
    }

    /// The first page behind those that can have entries.
    long limit() {
        return (long) regions.length << Paging.LEVEL_SHIFT;
    }

    /// Makes all pages the hypervisor's; nobody else may use the table.
    void clear() {
        for (int index = 0; index < regions.length; index++) {
            REGION.setRelease(regions, index, null); // ORDERING: partner region
        }
    }

    /// Where the entry of a page would lie in memory, or [RmpGeometry#NOT_COVERED].
    public long entryAddress(long spa) {
        return geometry.entryAddress(spa);
    }

    /// The lo word that counts for a page; 0 for one without an entry.
    public long lo(long pfn) {
        RmpRegion region = region(pfn);
        return region == null ? 0 : region.lo((int) pfn & INDEX_MASK);
    }

    /// The hi word that counts for a page.
    public long hi(long pfn) {
        RmpRegion region = region(pfn);
        return region == null ? 0 : region.hi((int) pfn & INDEX_MASK);
    }

    /// The GPA that the RMP has for a page: within a 2M entry that of the page, not of the first.
    public static long gpa(long lo, long pfn) {
        long gpa = RmpEntry.gpa(lo);
        return (lo & RmpEntry.LARGE) == 0 ? gpa : gpa + ((pfn & INDEX_MASK) << Paging.PAGE_SHIFT);
    }

    /// Whether any page of the 2M region around `pfn` is assigned.
    public boolean isAnyAssigned(long pfn) {
        RmpRegion region = region(pfn);
        return region != null && (region.headLo() & (RmpEntry.ASSIGNED | RmpEntry.COUNT_MASK)) != 0;
    }

    @Nullable
    RmpRegion region(long pfn) {
        long index = pfn >>> Paging.LEVEL_SHIFT;
        return index < regions.length ? (RmpRegion) REGION.getAcquire(regions, (int) index) : null; // ORDERING: partner need
    }

    /// The region of a covered page, for a change.
    RmpRegion need(long pfn) {
        RmpRegion region = region(pfn);
        if (region != null) {
            return region;
        }
        REGION.compareAndSet(regions, (int) (pfn >>> Paging.LEVEL_SHIFT), null, new RmpRegion()); // ORDERING: partner region
        return need(pfn);
    }

    static int index(long pfn) {
        return (int) pfn & INDEX_MASK;
    }
}
