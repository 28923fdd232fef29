package org.enclosure.snp.wire;

/// A page state change: the buffer's header, an entry, and the answers (GHCB specification, SNP page state change).
///
/// ```
/// header   31:0 reserved (upper half)   31:16 end_entry   15:0 cur_entry            8 bytes
///
///  63      57  56   55  52 51                         12 11          0
/// +----------+----+-------+-----------------------------+------------+
/// | reserved | 2M | oper. |            GFN              |  cur_page  |            8 bytes each
/// +----------+----+-------+-----------------------------+------------+
/// ```
///
/// `end_entry` is the index of the last entry. `cur_page` counts the 4K pages of an entry that are done.
public final class PscEntry {
    /// Operation: make private.
    public static final int PRIVATE = 1;
    /// Operation: make shared.
    public static final int SHARED = 2;
    /// Operation: a hint that the page may be split.
    public static final int SMASH = 3;
    /// Operation: a hint that pages may be joined.
    public static final int UNSMASH = 4;
    /// Answer in SW_EXITINFO2: all is done.
    public static final long DONE = 0;
    /// Answer in SW_EXITINFO2: the header is not legal.
    public static final long INVALID_HEADER = 1L << 32 | 1;
    /// Answer in SW_EXITINFO2: the entry at cur_entry is not legal.
    public static final long INVALID_ENTRY = 1L << 32 | 2;
    /// Answer in SW_EXITINFO2: refused, or not possible.
    public static final long GENERIC_ERROR = 0x100L << 32;
    /// Bytes of the header.
    public static final int HEADER_BYTES = 8;
    /// Entries of a buffer that fills the shared area.
    public static final int MAX_ENTRIES = 253;
    /// 4K pages of a 2M entry.
    public static final int PAGES_2M = 512;

    private static final long CUR_PAGE_MASK = 0xfff;
    private static final int GFN_SHIFT = 12;
    private static final long GFN_MASK = 0xff_ffff_ffffL;
    private static final int OPERATION_SHIFT = 52;
    private static final int LARGE_SHIFT = 56;
    private static final int RESERVED_SHIFT = 57;

    private PscEntry() {
    }

    /// An entry.
    public static long of(long curPage, long gfn, long operation, boolean large, long reserved) {
        return curPage & CUR_PAGE_MASK | (gfn & GFN_MASK) << GFN_SHIFT | (operation & 0xf) << OPERATION_SHIFT
                | (large ? 1L << LARGE_SHIFT : 0) | reserved << RESERVED_SHIFT;
    }

    /// The 4K pages that are done.
    public static long curPage(long entry) {
        return entry & CUR_PAGE_MASK;
    }

    /// The first gfn, whatever cur_page says.
    public static long gfn(long entry) {
        return entry >>> GFN_SHIFT & GFN_MASK;
    }

    /// The operation.
    public static int operation(long entry) {
        return (int) (entry >>> OPERATION_SHIFT) & 0xf;
    }

    /// Whether the entry is of a 2M page.
    public static boolean isLarge(long entry) {
        return (entry >>> LARGE_SHIFT & 1) != 0;
    }

    /// The reserved bits.
    public static long reserved(long entry) {
        return entry >>> RESERVED_SHIFT;
    }

    /// The 4K pages of an entry.
    public static int pages(long entry) {
        return isLarge(entry) ? PAGES_2M : 1;
    }

    /// An entry that is done to its end.
    public static long done(long entry) {
        return entry & ~CUR_PAGE_MASK | pages(entry);
    }

    /// A header.
    public static long header(int current, int end, long reserved) {
        return current & 0xffff | (end & 0xffffL) << 16 | reserved << 32;
    }

    /// The next entry to process.
    public static int current(long header) {
        return (int) header & 0xffff;
    }

    /// The last entry.
    public static int end(long header) {
        return (int) (header >>> 16) & 0xffff;
    }

    /// The header's reserved half.
    public static long headerReserved(long header) {
        return header >>> 32;
    }

    /// A header with another next entry.
    public static long withCurrent(long header, int current) {
        return header & ~0xffffL | current & 0xffff;
    }

    /// How many entries fit between the offset of a buffer in the GHCB page and the end of the shared area.
    public static long capacity(long scratchOffset) {
        return (Ghcb.SHARED_BUFFER_END - scratchOffset - HEADER_BYTES) / Long.BYTES;
    }
}
