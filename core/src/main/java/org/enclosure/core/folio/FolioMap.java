package org.enclosure.core.folio;

import java.util.Objects;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.translation.TranslationDomain;

/// Which host frame holds which page of a store, in folios of order 0, 9 and 18.
///
/// A page that is not there is a hole. [#resolve(long, int, boolean, FrameMagazine)] fills it, on any thread, with the largest
/// folio that fits, and zeroes it exactly once in the life of the page: the entry stays BUSY until the folio is as it has to
/// be. A platform that zeroes before use gets folios that are not zeroed; if such a page, or one whose content was lost
/// ([#markUnzeroed(long, long)]), is wanted zeroed later, then it is zeroed then.
///
/// ```
/// word  63 62                 39 38                     9 8       5 4     0
///      +--+---------------------+------------------------+----+----+-------+
///      | 0|          0          |          pfn           |  0 |  Z | order |    pfn: of exactly this page; Z: zeroed
///      +--+---------------------+------------------------+----+----+-------+
/// ```
///
/// **Threads.** `get` and `resolve`: any, at any time, outside every mark (zeroing takes its time). `remove`, `split`,
/// `merge`, the marks and `close`: one mutator at a time, which the caller's lock sees to; they wait for BUSY entries.
/// The others: any, and exact where no mutator runs. **Allocation:** none, but for the constructor and the first page of
/// every TiB. **Errors:** an offset outside the map is an [IndexOutOfBoundsException].
public final class FolioMap implements AutoCloseable {
    /// The page is not there.
    public static final long HOLE = -1;
    /// Somebody is filling, zeroing or taking away just this page: yield and call again.
    public static final long RETRY = -2;
    /// The host is out of frames; nothing changed.
    public static final long NO_MEMORY = -3;

    private static final long ORDER_MASK = 0x1f;
    private static final long ZEROED = 1 << 5;
    private static final int PFN_SHIFT = 9;

    private final FolioSource source;
    private final FrameAllocator frames;
    private final FolioEntries entries;
    private final FolioSupply supply;
    private final FolioShape shape;
    private final FolioRemoval removal;
    private final FolioMarks marks;
    private final FolioScan scan;

    /// Creates a map of holes that are filled from free memory.
    ///
    /// @param pages 1 to 2^51
    /// @param frames gives and takes back all frames
    public FolioMap(long pages, FrameAllocator frames) {
        this(pages, new FolioSource(frames));
    }

    /// Creates a map of holes. Takes microseconds, whatever the size.
    ///
    /// @param pages 1 to 2^51
    /// @param source gives and takes back all frames
    public FolioMap(long pages, FolioSource source) {
        if (pages < 1 || pages > 1L << 51) {
            throw new IllegalArgumentException("pages " + pages + " is not in 1 to 2^51");
        }
        this.source = source;
        frames = source.frames();
        entries = new FolioEntries(pages);
        supply = new FolioSupply(entries.pages, source);
        shape = new FolioShape(entries);
        removal = new FolioRemoval(entries, shape);
        marks = new FolioMarks(entries, shape);
        scan = new FolioScan(entries);
    }

    /// How many pages there can be.
    public long pages() {
        return entries.pages;
    }

    /// The host frame of the page in a word that is not negative.
    public static long pfn(long word) {
        return word >>> PFN_SHIFT;
    }

    /// The order of the folio in a word that is not negative.
    public static int order(long word) {
        return (int) (word & ORDER_MASK);
    }

    /// Whether the folio in a word that is not negative needs no zeroing.
    public static boolean isZeroed(long word) {
        return (word & ZEROED) != 0;
    }

    private static long word(int entry, long pgoff, int order) {
        long pfn = FolioEntries.pfn(entry) + pgoff - FolioEntries.block(pgoff, order);
        return pfn << PFN_SHIFT | order | (FolioEntries.state(entry) == FolioEntries.PRESENT ? ZEROED : 0);
    }

    /// Where the frames come from.
    public FrameAllocator frames() {
        return frames;
    }

    /// The folio of a page, [#HOLE] or [#RETRY].
    public long get(long pgoff) {
        Objects.checkIndex(pgoff, entries.pages);
        long slab = entries.slab(pgoff);
        if (slab == 0) {
            return HOLE;
        }
        for (int order = FolioEntries.ORDER_1G;; order -= FolioEntries.ORDER_STEP) {
            int entry = FolioEntries.load(entries.address(slab, pgoff, order));
            if (FolioEntries.isPresent(entry)) {
                return word(entry, pgoff, order);
            }
            if (entry == FolioEntries.HOLE) {
                // a merge empties the entries below before it fills the one above
                return entries.areTablesAbove(slab, pgoff, order) ? HOLE : RETRY;
            }
            if (entry == FolioEntries.BUSY) {
                return RETRY;
            }
        }
    }

    /// The folio of a page, which is allocated if it is not there.
    ///
    /// @param maxOrder the largest order for a new folio: 0, 9 or 18. A smaller one is taken where the block of that order
    ///        has a page already or reaches beyond the map, or the host has no such block free
    /// @param zero whether the page must be zeroed if it has not been; if not, a new folio counts as not zeroed
    /// @param magazine of the calling thread, for order 0
    /// @return the folio, [#RETRY] or [#NO_MEMORY]
    public long resolve(long pgoff, int maxOrder, boolean zero, FrameMagazine magazine) {
        return resolve(pgoff, maxOrder, zero, zero, magazine);
    }

    /// As [#resolve(long, int, boolean, FrameMagazine)], but a folio that is there already is answered as it is: a fault, whose
    /// view of the page may be old, zeroes it with [#zeroIfStillValid].
    public long allocate(long pgoff, int maxOrder, boolean zero, FrameMagazine magazine) {
        return resolve(pgoff, maxOrder, zero, false, magazine);
    }

    private long resolve(long pgoff, int maxOrder, boolean zeroNew, boolean zeroOld, FrameMagazine magazine) {
        Objects.checkIndex(pgoff, entries.pages);
        long slab = entries.slabOrNone(pgoff);
        if (slab == 0) {
            return NO_MEMORY;
        }
        for (int order = FolioEntries.ORDER_1G;; order -= FolioEntries.ORDER_STEP) {
            long address = entries.address(slab, pgoff, order);
            int entry = FolioEntries.load(address);
            if (entry == FolioEntries.HOLE) {
                if (!entries.claim(address, slab, pgoff, order)) {
                    return RETRY;
                }
                entry = supply.fill(address, pgoff, order, maxOrder, zeroNew, magazine);
                if (entry == FolioEntries.HOLE) {
                    return NO_MEMORY;
                }
            }
            if (zeroOld && FolioEntries.state(entry) == FolioEntries.PRESENT_UNZEROED) {
                entry = supply.zero(address, entry, order);
            }
            if (FolioEntries.isPresent(entry)) {
                return word(entry, pgoff, order);
            }
            if (entry == FolioEntries.BUSY) {
                return RETRY;
            }
        }
    }

    /// Zeroes the folio of a page that is there and not zeroed, unless the view of the page that `snapshot` stands for is
    /// outdated: what was shared when a fault looked may be private and in use when it comes to zero. An invalidation begins,
    /// then waits for BUSY entries; this makes the entry BUSY, then looks for an invalidation.
    ///
    /// @param page the page's number in `domain`
    /// @return the folio, or [#RETRY]
    public long zeroIfStillValid(long pgoff, TranslationDomain domain, long page, long snapshot) {
        Objects.checkIndex(pgoff, entries.pages);
        long slab = entries.slab(pgoff);
        for (int order = FolioEntries.ORDER_1G; slab != 0 && order >= 0; order -= FolioEntries.ORDER_STEP) {
            long address = entries.address(slab, pgoff, order);
            int entry = FolioEntries.load(address);
            if (FolioEntries.state(entry) == FolioEntries.PRESENT_UNZEROED) {
                long first = page - (pgoff - FolioEntries.block(pgoff, order));
                entry = supply.zeroIfStillValid(address, entry, order, domain, first, snapshot);
            }
            if (FolioEntries.state(entry) == FolioEntries.PRESENT) {
                return word(entry, pgoff, order);
            }
            if (entry != FolioEntries.TABLE) {
                return RETRY;
            }
        }
        return RETRY;
    }

    /// Says that the content of `[start, end)` is lost: what is there is zeroed before it is next resolved with `zero`.
    ///
    /// A huge folio that has been zeroed and lies in the range in part is split. One mutator at a time; waits for BUSY.
    public void markUnzeroed(long start, long end) {
        Objects.checkFromToIndex(start, end, entries.pages);
        marks.mark(start, end, FolioEntries.PRESENT_UNZEROED);
    }

    /// Says that what is there of `[start, end)` is zeroed, or holds content that must stay.
    ///
    /// A huge folio that has not been zeroed and lies in the range in part is split. One mutator at a time; waits for BUSY.
    public void markZeroed(long start, long end) {
        Objects.checkFromToIndex(start, end, entries.pages);
        marks.mark(start, end, FolioEntries.PRESENT);
    }

    /// Takes the pages of `[start, end)` out. They are holes afterwards, unless somebody resolves them meanwhile.
    ///
    /// A huge folio that lies in the range in part is split first; pages of a pool go back to it by themselves. One mutator
    /// at a time; waits for BUSY. Nobody may map the pages any longer, or the caller frees them only after the shootdown.
    ///
    /// @param removed gets every folio, or part of one that was split, at its order; the caller frees them
    /// @return how many pages were there
    public long remove(long start, long end, FrameList removed) {
        Objects.checkFromToIndex(start, end, entries.pages);
        long pages = source.pool() == null ? removal.remove(start, end, removed) : removeBlocks(start, end);
        source.removed(pages);
        return pages;
    }

    /// Takes whole pages of the pool out, and gives them back at once: nobody has them mapped. Of others the range has a part:
    /// that is zeroed before its next use.
    private long removeBlocks(long start, long end) {
        int order = source.smallestOrder();
        long first = FolioEntries.block(start + (1L << order) - 1, order);
        long last = FolioEntries.block(end, order);
        if (first >= last) {
            markUnzeroed(start, end);
            return 0;
        }
        markUnzeroed(start, first);
        markUnzeroed(last, end);
        long pages = 0;
        FrameList pieces = new FrameList(frames);
        for (long at = first; at < last; at += 1L << order) {
            pages += removal.remove(at, at + (1L << order), pieces);
            source.giveBackBlock(pieces);
        }
        return pages;
    }

    /// Splits the folio of a page until it is not larger than an order; does nothing where it is not.
    ///
    /// Needs no frames. One mutator at a time; waits for BUSY.
    ///
    /// @param order 0 or 9
    public void split(long pgoff, int order) {
        Objects.checkIndex(pgoff, entries.pages);
        shape.split(pgoff, order);
    }

    /// Makes one folio of the block of an order around a page, if the frames in it are one aligned block and are all zeroed or
    /// all not. One mutator at a time; waits for BUSY.
    ///
    /// @param order 9 or 18; with 18 the 2M blocks must have been merged before
    /// @return whether the block is one folio now
    public boolean merge(long pgoff, int order) {
        Objects.checkIndex(pgoff, entries.pages);
        return shape.merge(pgoff, order);
    }

    /// The first page of `[pgoff, end)` that is there, or `end`. Absent blocks are skipped as a whole; waits for BUSY.
    public long nextPresent(long pgoff, long end) {
        Objects.checkFromToIndex(pgoff, end, entries.pages);
        return scan.nextPresent(pgoff, end);
    }

    /// As [#get], but waits for BUSY: for one mutator at a time, to whom a page that is there stays there.
    public long settled(long pgoff) {
        long word = get(pgoff);
        for (int round = 0; word == RETRY; round++) {
            FolioEntries.relax(round);
            word = get(pgoff);
        }
        return word;
    }

    /// The end of the run of pages with consecutive frames that starts at `pgoff`, at most `end`; `pgoff` itself if it is a
    /// hole. Waits for BUSY at `pgoff`, and ends the run before a BUSY page behind it.
    public long runEnd(long pgoff, long end) {
        Objects.checkFromToIndex(pgoff, end, entries.pages);
        long at = pgoff;
        long expected = -1;
        while (at < end) {
            long word = at == pgoff ? settled(at) : get(at);
            if (word < 0 || at != pgoff && pfn(word) != expected) {
                return at;
            }
            int order = order(word);
            long stop = FolioEntries.blockEnd(at, order == 0 ? FolioEntries.ORDER_2M : order);
            long next = order == 0 ? scan.smallRunEnd(at, Math.min(stop, end), pfn(word)) : stop;
            expected = pfn(word) + next - at;
            at = next;
            if (at < Math.min(stop, end)) {
                return at;
            }
        }
        return end;
    }

    /// How many pages are there. Reads every entry that is not below a hole; for reports.
    public long presentPages() {
        return scan.presentPages();
    }

    /// Frees every page and gives the memory of the map back. Nobody uses the map afterwards.
    @Override
    public void close() {
        FrameList all = new FrameList(frames);
        remove(0, entries.pages, all);
        all.freeAll();
        entries.close();
    }
}
