package org.enclosure.examples.guest;

import java.util.SplittableRandom;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Converts pages at random, side by side with other vCPUs: of neighbouring pages each belongs to another vCPU, so that every
/// conversion cuts through a range that the others are using. At the end each page must hold what its own vCPU wrote last.
public final class StormGuest implements GuestProgram {
    private final int vcpu;
    private final int vcpus;
    private final int rounds;
    private final SplittableRandom random;
    private final Findings findings = new Findings();
    private final boolean[] shared;
    private final long[] last;

    /// Creates the program of one vCPU.
    ///
    /// @param vcpu number of this vCPU
    /// @param vcpus how many take part
    /// @param rounds how many conversions this one makes
    public StormGuest(int vcpu, int vcpus, int rounds, long seed) {
        this.vcpu = vcpu;
        this.vcpus = vcpus;
        this.rounds = rounds;
        random = new SplittableRandom(Pattern.word(seed, vcpu));
        int pages = (MemoryMap.CONVERTED_PAGES - vcpu + vcpus - 1) / vcpus;
        shared = new boolean[pages];
        last = new long[pages];
    }

    @Override
    public void run(GuestCpu cpu) {
        for (int page = 0; page < last.length; page++) {
            write(cpu, page);
        }
        for (int round = 0; round < rounds; round++) {
            int page = random.nextInt(last.length);
            convert(cpu, page);
            write(cpu, page);
            check(cpu, random.nextInt(last.length));
        }
        for (int page = 0; page < last.length; page++) {
            check(cpu, page);
        }
    }

    /// What went wrong.
    public Findings findings() {
        return findings;
    }

    private void convert(GuestCpu cpu, int page) {
        if (shared[page]) {
            cpu.unshare(gpa(page), Paging.PAGE_SIZE);
        } else {
            cpu.share(gpa(page), Paging.PAGE_SIZE);
        }
        shared[page] = !shared[page];
    }

    private void write(GuestCpu cpu, int page) {
        last[page] = random.nextLong();
        cpu.storeLong(cpu.address(gpa(page), !shared[page]), last[page]);
    }

    private void check(GuestCpu cpu, int page) {
        long seen = cpu.loadLong(cpu.address(gpa(page), !shared[page]));
        findings.check(seen == last[page], "vCPU " + vcpu + " wrote 0x" + Long.toHexString(last[page]) + " to gpa 0x"
                + Long.toHexString(gpa(page)) + ", " + (shared[page] ? "shared" : "private") + ", and found 0x"
                + Long.toHexString(seen));
    }

    private long gpa(int page) {
        return MemoryMap.CONVERTED + ((long) page * vcpus + vcpu) * Paging.PAGE_SIZE;
    }
}
