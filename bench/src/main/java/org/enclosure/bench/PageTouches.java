package org.enclosure.bench;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Loads one word of each page of a range in ascending order, or stores one.
final class PageTouches implements GuestProgram {
    /// Every 4K.
    static final long SMALL_STEP = 4L << 10;
    /// Every 2M.
    static final long HUGE_STEP = 2L << 20;

    private final long gpa;
    private final long bytes;
    private final long step;
    private final boolean stores;
    private long sum;

    private PageTouches(long gpa, long bytes, long step, boolean stores) {
        this.gpa = gpa;
        this.bytes = bytes;
        this.step = step;
        this.stores = stores;
    }

    static PageTouches loads(long gpa, long bytes, long step) {
        return new PageTouches(gpa, bytes, step, false);
    }

    /// For memory that may be the operating system's: it commits at the first store only.
    static PageTouches stores(long gpa, long bytes, long step) {
        return new PageTouches(gpa, bytes, step, true);
    }

    @Override
    public void run(GuestCpu cpu) {
        long at = cpu.address(gpa, true);
        if (stores) {
            store(cpu, at);
        } else {
            load(cpu, at);
        }
    }

    private void store(GuestCpu cpu, long first) {
        for (long at = first, end = first + bytes; at < end; at += step) {
            cpu.storeLong(at, at);
        }
    }

    private void load(GuestCpu cpu, long first) {
        long found = 0;
        for (long at = first, end = first + bytes; at < end; at += step) {
            found += cpu.loadLong(at);
        }
        sum += found;
    }

    /// What was found; whoever returns it from a benchmark keeps the loads.
    long sum() {
        return sum;
    }
}
