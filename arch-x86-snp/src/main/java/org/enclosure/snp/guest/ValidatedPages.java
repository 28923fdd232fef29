package org.enclosure.snp.guest;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// A guest kernel's own record of the pages that it has validated: what the carry flag of PVALIDATE cannot tell is whether the host has
/// put a second page behind an address, so a kernel never validates an address twice. Shared by all vCPUs; any thread.
public final class ValidatedPages {
    private static final int CHUNK_SHIFT = 22;
    private static final int CHUNKS = 1 << 14;
    private static final long IN_CHUNK = (1L << CHUNK_SHIFT) - 1;

    private final AtomicReferenceArray<AtomicLongArray> chunks = new AtomicReferenceArray<>(CHUNKS);

    /// Creates an empty record.
    public ValidatedPages() {
    }

    /// Whether a page is validated.
    public boolean contains(long gfn) {
        AtomicLongArray chunk = chunks.get(index(gfn));
        return chunk != null && (chunk.get(word(gfn)) >>> gfn & 1) != 0;
    }

    /// The first page of a run that is validated, or -1.
    public long firstIn(long gfn, long pages) {
        for (long at = gfn; at < gfn + pages; at++) {
            if (contains(at)) {
                return at;
            }
        }
        return -1;
    }

    /// Notes that pages are validated.
    public void add(long gfn, long pages) {
        for (long at = gfn; at < gfn + pages; at++) {
            need(at).accumulateAndGet(word(at), 1L << at, (was, bit) -> was | bit);
        }
    }

    /// Notes that pages are not validated.
    public void remove(long gfn, long pages) {
        for (long at = gfn; at < gfn + pages; at++) {
            need(at).accumulateAndGet(word(at), ~(1L << at), (was, mask) -> was & mask);
        }
    }

    private AtomicLongArray need(long gfn) {
        AtomicLongArray chunk = chunks.get(index(gfn));
        if (chunk != null) {
            return chunk;
        }
        chunks.compareAndSet(index(gfn), null, new AtomicLongArray((int) (IN_CHUNK + 1 >>> 6)));
        return need(gfn);
    }

    private static int index(long gfn) {
        return (int) (gfn >>> CHUNK_SHIFT);
    }

    private static int word(long gfn) {
        return (int) ((gfn & IN_CHUNK) >>> 6);
    }
}
