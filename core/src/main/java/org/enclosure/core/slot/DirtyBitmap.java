package org.enclosure.core.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/// One bit a page: written since it was last fetched. Bits are set by any number of vCPUs inside of their access marks and taken
/// out by one thread, which then shoots the pages' translations down: a write that is not in what was taken out sets the bit again.
public final class DirtyBitmap {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final long pages;
    private final long[] words;
    private final @Nullable DirtyBitmap marks;

    /// Creates a bitmap with all bits clear.
    public DirtyBitmap(long pages) {
        this(pages, null);
    }

    /// Creates a bitmap with all bits clear, whose bits say that a page stands in a ring.
    ///
    /// @param marks gets what is written by nobody who has a ring; null without rings
    public DirtyBitmap(long pages, @Nullable DirtyBitmap marks) {
        this.pages = pages;
        this.marks = marks;
        words = new long[Math.toIntExact(pages + Long.SIZE - 1 >>> 6)];
    }

    /// Where a change of kind is marked: this bitmap, or a second one where the first says what stands in a ring.
    public DirtyBitmap marks() {
        return marks == null ? this : marks;
    }

    /// How many pages.
    public long pages() {
        return pages;
    }

    /// How many words.
    public int words() {
        return words.length;
    }

    /// Sets the bit of a page. Allocates nothing.
    ///
    /// @return whether it was clear
    public boolean set(long page) {
        int index = (int) (page >>> 6);
        long bit = 1L << page;
        // ORDERING: volatile, so that the bit is there before the access mark closes; partner take, then the shootdown
        return ((long) WORD.getVolatile(words, index) & bit) == 0 && (setBits(index, bit) & bit) == 0;
    }

    private long setBits(int index, long bits) {
        return (long) WORD.getAndBitwiseOr(words, index, bits); // ORDERING: volatile, partner take
    }

    /// Whether the bit of a page is set.
    public boolean isSet(long page) {
        return ((long) WORD.getVolatile(words, (int) (page >>> 6)) & 1L << page) != 0; // ORDERING: partner set and take
    }

    /// Sets the bits of `[start, end)`.
    public void set(long start, long end) {
        for (long page = start; page < end;) {
            long next = Math.min(end, (page | Long.SIZE - 1) + 1);
            long bits = -1L << page & -1L >>> Long.SIZE - 1 - (int) (next - 1 & Long.SIZE - 1);
            setBits((int) (page >>> 6), bits);
            page = next;
        }
    }

    /// Clears the bit of a page.
    public void clear(long page) {
        take((int) (page >>> 6), 1L << page);
    }

    /// A word, as it is.
    public long word(int index) {
        return (long) WORD.getVolatile(words, index); // ORDERING: partner set
    }

    /// Clears bits of a word.
    ///
    /// @return those of them that were set
    public long take(int index, long bits) {
        // ORDERING: volatile, before the shootdown that the caller makes; partner set
        return (long) WORD.getAndBitwiseAnd(words, index, ~bits) & bits;
    }
}
