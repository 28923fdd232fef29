package org.enclosure.bench;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// One batch of independent loads at random offsets from a gpa.
final class RandomLoads implements GuestProgram {
    private final long gpa;
    private final long mask;
    private long state;
    private long sum;

    /// @param bytes a power of two
    RandomLoads(long gpa, long bytes) {
        this.gpa = gpa;
        mask = Offsets.mask(bytes);
    }

    @Override
    public void run(GuestCpu cpu) {
        long base = cpu.address(gpa, true);
        long next = state;
        long found = 0;
        for (int i = 0; i < Offsets.BATCH; i++) {
            next = Offsets.next(next);
            found += cpu.loadLong(base + Offsets.of(next, mask));
        }
        state = next;
        sum += found;
    }

    long sum() {
        return sum;
    }
}
