package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;

/// What is seen of a page without its key: a function of the bytes, the address and the key that is neither the plaintext nor
/// zeroes, and that is its own inverse. It stands for the memory controller's encryption and hides nothing from who reads this.
public final class Ciphertext {
    private static final long STEP = 0x9e37_79b9_7f4a_7c15L;
    private static final long MIX = 0xbf58_476d_1ce4_e5b9L;

    private Ciphertext() {
    }

    /// The word at an address, seen without the key.
    public static long of(long value, long pa, long asid) {
        long mixed = (pa + asid * MIX) * STEP;
        mixed = (mixed ^ mixed >>> 29) * MIX;
        return value ^ (mixed ^ mixed >>> 32 | 1);
    }

    /// Turns the plaintext of a run of pages into what is seen without the key, or back.
    static void turn(PhysicalMemory memory, long pfn, long npages, long asid) {
        long pa = pfn << Paging.PAGE_SHIFT;
        long bytes = npages << Paging.PAGE_SHIFT;
        if (!memory.contains(pa, bytes)) {
            return;
        }
        for (long at = pa; at < pa + bytes; at += Long.BYTES) {
            memory.putLong(at, of(memory.getLong(at), at, asid));
        }
    }
}
