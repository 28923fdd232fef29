package org.enclosure.snp.wire;

/// Which system pages have an RMP entry, and where it lies: by RMP_BASE and RMP_END, or by a table of segments (AMD APM volume
/// 2, 15.36). Immutable.
///
/// ```
/// base            + 0x4000                                end
/// +----------------+--------------------------------------+
/// |  bookkeeping   |  16 bytes per system page             |   one piece
/// +----------------+--------+-----------------------------+
/// |  bookkeeping   | 512 segment words |                       segmented; a segment has no bookkeeping of its own
/// +----------------+-------------------+
///
/// segment word   51:20 address of the segment's entries   19:0 GiB that it covers, 0 = absent
/// ```
public final class RmpGeometry {
    /// Bytes of bookkeeping before the entries, or before the segment table.
    public static final long BOOKKEEPING = 0x4000;
    /// Bytes of an entry.
    public static final long ENTRY_BYTES = 16;
    /// What [#entryAddress] answers for a page that is not covered.
    public static final long NOT_COVERED = -1;
    /// Words of a segment table.
    public static final int SEGMENTS = 512;

    private static final long SEGMENT_BASE_MASK = 0x000f_ffff_fff0_0000L;
    private static final long SEGMENT_GIB_MASK = 0xf_ffff;
    private static final int GIB_SHIFT = 30;
    private static final int PAGE_SHIFT = 12;
    private static final long[] NO_SEGMENTS = {};

    private final long base;
    private final long entries;
    private final int shift;
    private final long[] segments;

    private RmpGeometry(long base, long entries, int shift, long[] segments) {
        this.base = base;
        this.entries = entries;
        this.shift = shift;
        this.segments = segments;
    }

    /// An RMP in one piece.
    ///
    /// @param base RMP_BASE
    /// @param end RMP_END, its last byte
    /// @throws IllegalArgumentException if base or end + 1 is not a multiple of 8 KiB, or nothing is covered
    public static RmpGeometry contiguous(long base, long end) {
        if (((base | end + 1) & 0x1fff) != 0 || base < 0 || end < base + BOOKKEEPING) {
            throw new IllegalArgumentException("RMP from 0x" + Long.toHexString(base) + " to 0x" + Long.toHexString(end)
                    + ": base and end + 1 are multiples of 8 KiB, with more than 16 KiB in between");
        }
        return new RmpGeometry(base, (end + 1 - base - BOOKKEEPING) / ENTRY_BYTES, 0, NO_SEGMENTS);
    }

    /// An RMP without a place in memory, of so many entries.
    public static RmpGeometry pages(long pages) {
        return new RmpGeometry(0, pages, 0, NO_SEGMENTS);
    }

    /// An RMP in segments.
    ///
    /// @param base RMP_BASE
    /// @param shift log2 of the bytes of system memory of one segment
    /// @param words the segment table from its first word; words that are left out are absent
    /// @throws IllegalArgumentException if base is not a multiple of 1 MiB, the shift not in 30..51, or there are too many words
    public static RmpGeometry segmented(long base, int shift, long[] words) {
        if ((base & 0xf_ffff) != 0 || shift < GIB_SHIFT || shift > 51 || words.length > SEGMENTS) {
            throw new IllegalArgumentException("segmented RMP at 0x" + Long.toHexString(base) + ", shift " + shift
                    + ", " + words.length + " segments: legal are multiples of 1 MiB, 30 to 51, at most " + SEGMENTS);
        }
        return new RmpGeometry(base, 0, shift, words.clone());
    }

    /// A segment word.
    public static long segment(long address, long gib) {
        return address & SEGMENT_BASE_MASK | gib & SEGMENT_GIB_MASK;
    }

    /// The address of a segment's entries.
    public static long segmentBase(long word) {
        return word & SEGMENT_BASE_MASK;
    }

    /// The GiB that a segment word covers.
    public static long segmentGib(long word) {
        return word & SEGMENT_GIB_MASK;
    }

    /// The bytes of entries of one segment; what it covers beyond its own size does not count.
    public static long segmentBytes(long word, int shift) {
        long covered = Math.min(segmentGib(word) << GIB_SHIFT, 1L << shift);
        return (covered >>> PAGE_SHIFT) * ENTRY_BYTES;
    }

    /// The address of the segment table.
    public long segmentTable() {
        return base + BOOKKEEPING;
    }

    /// The number of the segment of an address.
    public long segmentIndex(long spa) {
        return spa >>> shift;
    }

    /// Entries of an RMP in one piece.
    public long entries() {
        return entries;
    }

    /// Whether a page has an entry.
    public boolean covers(long pfn) {
        return segments.length == 0 ? pfn >= 0 && pfn < entries : inSegments(pfn << PAGE_SHIFT) != NOT_COVERED;
    }

    /// Where the entry of an address lies, or [#NOT_COVERED].
    public long entryAddress(long spa) {
        if (segments.length > 0) {
            return inSegments(spa);
        }
        long page = spa >>> PAGE_SHIFT;
        return page < entries ? base + BOOKKEEPING + page * ENTRY_BYTES : NOT_COVERED;
    }

    private long inSegments(long spa) {
        long index = segmentIndex(spa);
        if (index >= segments.length) {
            return NOT_COVERED;
        }
        long word = segments[(int) index];
        long offset = spa & (1L << shift) - 1;
        long covered = Math.min(segmentGib(word) << GIB_SHIFT, 1L << shift);
        return offset < covered ? segmentBase(word) + (offset >>> PAGE_SHIFT) * ENTRY_BYTES : NOT_COVERED;
    }
}
