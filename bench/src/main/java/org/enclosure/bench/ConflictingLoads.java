package org.enclosure.bench;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// One batch of loads that go round a few pages which share one entry of the TLB: every load misses it, and everything else
/// that a miss reads is in the processor's cache.
final class ConflictingLoads implements GuestProgram {
    /// As far apart as pages are that share an entry: 1,024 entries of 4K.
    static final long DISTANCE = 4L << 20;
    /// A power of two.
    static final int PAGES = 16;

    private long sum;

    /// The word that access `i` of a batch is at.
    static long offset(int i) {
        return (i & PAGES - 1) * DISTANCE + (i & 0x1ffL) * Long.BYTES;
    }

    @Override
    public void run(GuestCpu cpu) {
        long base = cpu.address(0, true);
        long found = 0;
        for (int i = 0; i < Offsets.BATCH; i++) {
            found += cpu.loadLong(base + offset(i));
        }
        sum += found;
    }

    long sum() {
        return sum;
    }
}
