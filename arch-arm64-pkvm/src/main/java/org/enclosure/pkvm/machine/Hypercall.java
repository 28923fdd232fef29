package org.enclosure.pkvm.machine;

/// One HVC on its way: what it asks for, and what it answers. Reused by its vCPU.
public final class Hypercall {
    /// The results are there; the guest goes on.
    public static final int DONE = 0;
    /// The page is not mapped: EL2 takes the PC back by one instruction and hands the host an abort. Nothing is answered.
    public static final int ABORT = 1;
    /// The pages from `gfn` on can be shared.
    public static final int SHARE = 2;
    /// The pages from `gfn` on can be taken back.
    public static final int UNSHARE = 3;
    /// The page can be given up.
    public static final int RELINQUISH = 4;
    /// The page can be declared MMIO.
    public static final int GUARD = 5;
    /// The guest enrolls in the MMIO guard.
    public static final int ENROLL = 6;
    /// EL2's lock is held; nothing was done.
    public static final int BUSY = 7;

    /// What it asks for, or DONE.
    public int action;
    /// The first page.
    public long gfn;
    /// Number of pages.
    public long npages;
    /// R0 to R3.
    public final long[] results = new long[4];

    /// Creates a call.
    public Hypercall() {
    }

    /// The call is over, with these results.
    void done(long r0, long r1) {
        action = DONE;
        results[0] = r0;
        results[1] = r1;
        results[2] = 0;
        results[3] = 0;
    }

    /// The call asks for something to be done.
    void wants(int what, long first, long count) {
        action = what;
        gfn = first;
        npages = count;
    }
}
