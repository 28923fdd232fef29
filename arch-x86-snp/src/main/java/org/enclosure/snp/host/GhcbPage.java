package org.enclosure.snp.host;

import org.enclosure.snp.wire.Ghcb;
import org.enclosure.spi.PhysicalMemory;

/// A guest's GHCB page as the host reads and answers it: every field is read once, because the guest may write at the same time.
final class GhcbPage {
    private final PhysicalMemory memory;
    private long page;
    private long validLow;
    private long validHigh;

    GhcbPage(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// Looks at a page of which fields are read.
    void open(long pa) {
        page = pa;
        validLow = memory.getLong(pa + Ghcb.VALID_BITMAP);
        validHigh = memory.getLong(pa + Ghcb.VALID_BITMAP + Long.BYTES);
    }

    /// Looks at the same page again, for an answer alone.
    void reopen(long pa) {
        page = pa;
    }

    boolean has(int field) {
        return Ghcb.isValid(validLow, validHigh, field);
    }

    long get(int field) {
        return memory.getLong(page + field);
    }

    long usage() {
        return memory.getLong(page + Ghcb.USAGE) & 0xffff_ffffL;
    }

    /// Writes a field and marks it.
    void set(int field, long value) {
        memory.putLong(page + field, value);
        long word = page + Ghcb.bitmapWord(field);
        memory.putLong(word, memory.getLong(word) | Ghcb.bitmapBit(field));
    }

    /// Writes the answer; no other field is marked any more.
    void answer(long info1, long info2) {
        memory.putLong(page + Ghcb.VALID_BITMAP, 0);
        memory.putLong(page + Ghcb.VALID_BITMAP + Long.BYTES, 0);
        set(Ghcb.EXIT_INFO_1, info1);
        set(Ghcb.EXIT_INFO_2, info2);
    }

    long address() {
        return page;
    }
}
