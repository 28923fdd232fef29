package org.enclosure.core.attr;

import java.util.Objects;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;

/// The one truth of private and shared, a bit per 4K page under an authoritative summary per 2M block.
///
/// A block that is not mixed has one kind, the value bit, and its page bits are not touched: converting 1 GiB is 16 words.
/// Page bits are written from the summary when a block becomes mixed. Everything is stored as "differs from the initial
/// kind", so that an absent slab and fresh memory need no preparation. Pages beyond the end of the map, up to the next
/// GiB, follow the last page; so the last block and the last chunk can be uniform too.
///
/// **Threads.** Any number of readers; one writer at a time, which its caller sees to. A reader that races with
/// [#set(long, long, boolean)] sees the old or the new kind of each page in its range, and the kind of every other page.
/// **Allocation:** none but in the constructor and [#reserve(long, long)].
///
/// Page numbers must lie in the map: [IndexOutOfBoundsException] otherwise.
public final class AttributeMap implements AutoCloseable {
    private final long pages;
    private final boolean initiallyPrivate;
    private final AttributeBits bits;
    private final AttributeScan scan;
    private final AttributeWriter writer;

    /// Creates a map whose pages have one kind. Takes microseconds, whatever the size.
    ///
    /// @param pages 1 to 2^51
    public AttributeMap(long pages, boolean initiallyPrivate) {
        if (pages < 1 || pages > 1L << 51) {
            throw new IllegalArgumentException("pages " + pages + " is not in 1 to 2^51");
        }
        this.pages = pages;
        this.initiallyPrivate = initiallyPrivate;
        bits = new AttributeBits(pages);
        scan = new AttributeScan(bits);
        writer = new AttributeWriter(bits);
    }

    /// How many pages there are.
    public long pages() {
        return pages;
    }

    /// Whether a page is private.
    public boolean isPrivate(long page) {
        Objects.checkIndex(page, pages);
        return bits.differs(page) != initiallyPrivate;
    }

    /// Whether the aligned block of a level around a page has one kind.
    ///
    /// @param level 1, 2 or 3
    public boolean isUniform(long page, int level) {
        Objects.checkIndex(page, pages);
        if (level == Paging.LEVEL_4K) {
            return true;
        }
        return level == Paging.LEVEL_2M ? !bits.isMixed(page) : scan.isChunkUniform(page);
    }

    /// Whether all pages of `[start, end)` have a kind.
    public boolean isUniform(long start, long end, boolean isPrivate) {
        Objects.checkFromToIndex(start, end, pages);
        return start == end || isPrivate(start) == isPrivate && runEnd(start, end) == end;
    }

    /// The end of the run of pages of one kind that starts at `page`: at most `end`.
    public long runEnd(long page, long end) {
        Objects.checkFromToIndex(page, end, pages);
        return scan.runEnd(page, end);
    }

    /// Makes sure that [#set(long, long, boolean)] on `[start, end)` cannot fail.
    ///
    /// @throws GuestMemoryException ENOMEM; the map has not changed
    public void reserve(long start, long end) {
        Objects.checkFromToIndex(start, end, pages);
        bits.reserve(start, end);
    }

    /// Sets the kind of all pages of `[start, end)`, which [#reserve(long, long)] has prepared.
    public void set(long start, long end, boolean isPrivate) {
        Objects.checkFromToIndex(start, end, pages);
        if (start < end) {
            writer.set(start, end == pages ? Paging.ceil(end, Paging.LEVEL_1G) : end, isPrivate != initiallyPrivate);
        }
    }

    /// How many pages are private. Reads every summary that is there; for reports.
    public long privatePages() {
        long differing = scan.differing();
        return initiallyPrivate ? pages - differing : differing;
    }

    /// Gives the memory back. Nobody uses the map afterwards.
    @Override
    public void close() {
        bits.close();
    }
}
