package org.enclosure.examples.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Converts pages to shared and back, one at a time, and uses each in every state. The pages are private and accepted before
/// and after.
public final class PageConversions implements GuestProgram {
    private final long gpa;
    private final int pages;
    private final long seed;
    private final Findings findings = new Findings();
    private int done;

    /// Creates the program.
    ///
    /// @param gpa first of `pages` pages
    public PageConversions(long gpa, int pages, long seed) {
        this.gpa = gpa;
        this.pages = pages;
        this.seed = seed;
    }

    @Override
    public void run(GuestCpu cpu) {
        for (int page = 0; page < pages; page++) {
            long at = gpa + page * Paging.PAGE_SIZE;
            use(cpu, at, true, 0);
            cpu.share(at, Paging.PAGE_SIZE);
            use(cpu, at, false, 1);
            cpu.unshare(at, Paging.PAGE_SIZE);
            use(cpu, at, true, 2);
            done++;
        }
    }

    /// How many pages went to shared and back.
    public int done() {
        return done;
    }

    /// What went wrong.
    public Findings findings() {
        return findings;
    }

    private void use(GuestCpu cpu, long at, boolean isPrivate, int round) {
        long address = cpu.address(at, isPrivate) + (Pattern.word(seed, at) & 0xff8);
        long value = Pattern.word(seed + round, at);
        cpu.storeLong(address, value);
        long seen = cpu.loadLong(address);
        findings.check(seen == value, "vCPU " + cpu.index() + " wrote 0x" + Long.toHexString(value) + " to gpa 0x"
                + Long.toHexString(at) + " as " + (isPrivate ? "private" : "shared") + " memory and read 0x"
                + Long.toHexString(seen));
    }
}
