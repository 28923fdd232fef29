package org.enclosure.bench;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// One batch of stores at random offsets from gpa 0.
final class RandomStores implements GuestProgram {
    private final long mask;
    private long state;

    /// @param bytes a power of two
    RandomStores(long bytes) {
        mask = Offsets.mask(bytes);
    }

    @Override
    public void run(GuestCpu cpu) {
        long base = cpu.address(0, true);
        long next = state;
        for (int i = 0; i < Offsets.BATCH; i++) {
            next = Offsets.next(next);
            cpu.storeLong(base + Offsets.of(next, mask), next);
        }
        state = next;
    }
}
