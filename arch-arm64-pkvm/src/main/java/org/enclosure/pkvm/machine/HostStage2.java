package org.enclosure.pkvm.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.PageState;
import org.jspecify.annotations.Nullable;

/// The host's stage 2: an identity map that is filled at faults with the largest block that fits, and holes with an [Annotation]
/// where pages were given away. A hole forces 4K around it, and a later fault never lays a block over one.
///
/// The tables are EL2's own memory, so they take no frame of the machine. Written under EL2's lock, read without.
final class HostStage2 {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LINK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int INDEX_MASK = (int) Paging.PAGES_PER_2M - 1;
    private static final int ENTRIES = 1 << Paging.LEVEL_SHIFT;

    private final Regions regions;
    /// The first frame behind all regions.
    private final long limit;
    /// A descriptor per 1G; where it is 0 and the next table exists, that table says more.
    private final long[] gigas;
    private final long[] @Nullable [] megas;
    private final long[] @Nullable [] @Nullable [] pages;

    HostStage2(Regions regions) {
        this.regions = regions;
        limit = regions.pfnLimit();
        int count = Math.toIntExact(limit + Paging.PAGES_PER_1G - 1 >>> 2 * Paging.LEVEL_SHIFT);
        gigas = new long[count];
        megas = new long[count][];
        pages = new long[count][][];
        for (long edge : regions.edges()) {
            prepare(edge);
            prepare(edge - 1);
        }
    }

    /// Where RAM does not fill a block, smaller tables are needed at the first fault; they are made now, so that no access of
    /// the host allocates.
    private void prepare(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return;
        }
        if (!isRam(Paging.floor(pfn, Paging.LEVEL_1G), Paging.PAGES_PER_1G)) {
            megaTable(pfn);
        }
        if (!isRam(Paging.floor(pfn, Paging.LEVEL_2M), Paging.PAGES_PER_2M)) {
            pageTable(pfn);
        }
    }

    /// The descriptor that decides about a frame: of a page or a block, an annotation, or 0.
    long descriptor(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return 0;
        }
        int giga = giga(pfn);
        long word = get(gigas, giga);
        long[] next = word != 0 ? null : link(megas, giga);
        if (next == null) {
            return word;
        }
        word = get(next, mega(pfn));
        long[] @Nullable [] tables = pages[giga];
        long[] last = word != 0 || tables == null ? null : link(tables, mega(pfn));
        return last == null ? word : get(last, (int) pfn & INDEX_MASK);
    }

    /// The level at which [#descriptor] stands.
    int level(long pfn) {
        if (pfn < 0 || pfn >= limit) {
            return Paging.LEVEL_1G;
        }
        int giga = giga(pfn);
        if (get(gigas, giga) != 0 || link(megas, giga) == null) {
            return Paging.LEVEL_1G;
        }
        long[] @Nullable [] tables = pages[giga];
        boolean hasPages = tables != null && link(tables, mega(pfn)) != null;
        return hasPages ? Paging.LEVEL_4K : Paging.LEVEL_2M;
    }

    /// Fills the map at a fault of the host: OK if the page is mapped now, or is no RAM; EPERM if it was given away.
    long fault(long pfn) {
        if (!isRam(pfn, 1)) {
            return HypErrno.OK;
        }
        long word = descriptor(pfn);
        if (word != 0) {
            return Descriptor.isValid(word) ? HypErrno.OK : HypErrno.EPERM;
        }
        int level = level(pfn);
        while (level > Paging.LEVEL_4K && !isRam(Paging.floor(pfn, level), Paging.pages(level))) {
            level--;
        }
        long first = Paging.floor(pfn, level);
        if (level == Paging.LEVEL_1G) {
            set(gigas, giga(pfn), identity(first, level));
        } else if (level == Paging.LEVEL_2M) {
            set(megaTable(pfn), mega(pfn), identity(first, level));
        } else {
            set(pageTable(pfn), (int) pfn & INDEX_MASK, identity(pfn, level));
        }
        return HypErrno.OK;
    }

    /// Maps one page to the host.
    void map(long pfn) {
        set(pageTable(pfn), (int) pfn & INDEX_MASK, identity(pfn, Paging.LEVEL_4K));
    }

    /// Takes one page from the host.
    void annotate(long pfn, long annotation) {
        set(pageTable(pfn), (int) pfn & INDEX_MASK, annotation);
    }

    private boolean isRam(long pfn, long npages) {
        return regions.check(pfn << Paging.PAGE_SHIFT, npages << Paging.PAGE_SHIFT) == HypErrno.OK;
    }

    private static long identity(long pfn, int level) {
        return Descriptor.leaf(pfn << Paging.PAGE_SHIFT, level, PageState.OWNED);
    }

    /// The table of 2M entries around a frame; a 1G block is split into it.
    private long[] megaTable(long pfn) {
        int giga = giga(pfn);
        long[] table = megas[giga];
        if (table == null) {
            table = new long[ENTRIES];
            pages[giga] = new long[ENTRIES][];
            fill(table, gigas[giga], pfn, Paging.LEVEL_2M);
            LINK.setRelease(megas, giga, table); // ORDERING: partner link; before the block goes
            set(gigas, giga, 0);
        }
        return table;
    }

    /// The table of 4K entries around a frame; a 2M block is split into it.
    private long[] pageTable(long pfn) {
        long[] above = megaTable(pfn);
        long[] @Nullable [] tables = pages[giga(pfn)];
        if (tables == null) {
            throw new AssertionError("a table of 2M entries comes with links for the next");
        }
        int mega = mega(pfn);
        long[] table = tables[mega];
        if (table == null) {
            table = new long[ENTRIES];
            fill(table, above[mega], pfn, Paging.LEVEL_4K);
            LINK.setRelease(tables, mega, table); // ORDERING: partner link; before the block goes
            set(above, mega, 0);
        }
        return table;
    }

    private static void fill(long[] table, long block, long pfn, int level) {
        long first = Paging.floor(pfn, level + 1);
        for (int i = 0; block != 0 && i < ENTRIES; i++) {
            table[i] = identity(first + i * Paging.pages(level), level);
        }
    }

    private static int giga(long pfn) {
        return (int) (pfn >>> 2 * Paging.LEVEL_SHIFT);
    }

    private static int mega(long pfn) {
        return (int) (pfn >>> Paging.LEVEL_SHIFT) & INDEX_MASK;
    }

    private static long get(long[] table, int index) {
        return (long) WORD.getAcquire(table, index); // ORDERING: partner set
    }

    private static void set(long[] table, int index, long word) {
        WORD.setRelease(table, index, word); // ORDERING: partner get
    }

    private static long @Nullable [] link(long[] @Nullable [] table, int index) {
        return (long[]) LINK.getAcquire(table, index); // ORDERING: partner megaTable, pageTable
    }
}
