package org.enclosure.systemtest.stress;

import java.util.concurrent.atomic.LongAdder;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.PageReport;
import org.enclosure.api.vm.Vm;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.systemtest.stress.Findings.Kind;
import org.enclosure.tck.oracle.EngineLeaves;
import org.jspecify.annotations.Nullable;

/// Judges the engine from inside of its own calls.
///
/// - Memory that was taken away is poisoned at once and looked at again before it goes on: whoever still writes it is found here,
///   whoever still reads it finds poison.
/// - In a drained range every leaf agrees with attribute and store; in an unmapped one there is none.
///
/// Called under the VM's lock, so by one thread at a time.
final class Oracle implements MemoryWatch {
    private static final int MAX_AUDITED = 64;
    private static final int MAX_POISONED = 512;
    private static final int MAX_SPINS = 64;
    private static final int PATIENCE = 100_000;

    private final StressMachine machine;
    private final Vm vm;
    private final PhysicalMemory memory;
    private final @Nullable EngineLeaves leaves;
    private final Findings findings;
    private final Dice dice;
    private final long[] taken = new long[MAX_POISONED];
    private final boolean[] kept = new boolean[MAX_POISONED];
    private final PageReport[] going = new PageReport[2 * MAX_AUDITED];
    private int goingCount;
    private volatile boolean punchesPrivate = true;
    private final LongAdder poisoned = new LongAdder();
    private final LongAdder audited = new LongAdder();

    Oracle(StressMachine machine, Findings findings, Dice dice) {
        this.machine = machine;
        vm = machine.vm();
        memory = machine.memory();
        leaves = machine.leaves();
        this.findings = findings;
        this.dice = dice;
    }

    /// Pages that were poisoned.
    long poisoned() {
        return poisoned.sum();
    }

    /// Leaves that were compared.
    long audited() {
        return audited.sum();
    }

    /// The half into which the next hole is punched.
    void punches(boolean privateHalf) {
        punchesPrivate = privateHalf;
    }

    @Override
    public void drained(long gfn, long npages) {
        long step = Math.max(1, npages / MAX_AUDITED);
        long compared = 0;
        goingCount = 0;
        for (long page = gfn; page < gfn + npages; page += step) {
            PageReport report = vm.inspect(page << Paging.PAGE_SHIFT);
            long pfn = leaf(page);
            if (pfn != EngineLeaves.NONE) {
                compare(page, pfn);
                compared++;
            }
            if (report.pa() >= 0) {
                going[goingCount++] = report;
            }
        }
        audited.add(compared);
    }

    /// Poisons first, what was looked up before it was unmapped: an access that is late is so by nanoseconds.
    @Override
    public void unreachable(long gfn, long npages, boolean toPrivate) {
        int count = 0;
        for (int i = 0; i < goingCount; i++) {
            PageReport report = going[i];
            if (report.kind() != MemoryKind.of(toPrivate)) {
                kept[count] = machine.scenario().keepsContent(report.state(), toPrivate);
                taken[count++] = report.pa();
            }
        }
        poison(count, "conversion of gfn 0x", gfn);
        for (int i = 0; i < count; i++) {
            if (kept[i]) {
                fill(taken[i], 0);
            }
        }
        for (long page = gfn; page < gfn + npages; page++) {
            long leaf = leaf(page);
            if (leaf != EngineLeaves.NONE) {
                findings.add(Kind.BAD_LEAF, "gfn 0x" + Long.toHexString(page) + " has a leaf to frame 0x"
                        + Long.toHexString(leaf) + " after it was unmapped");
            }
        }
    }

    @Override
    public void leaving(long gfn, long pfn, long npages, boolean isPrivate) {
        if (machine.scenario().isSplit() && isPrivate != punchesPrivate) {
            return; // the other half only leaves the tables
        }
        int count = 0;
        for (long frame = pfn; frame < pfn + npages && count < MAX_POISONED; frame++) {
            taken[count++] = frame << Paging.PAGE_SHIFT;
        }
        poison(count, "hole at gfn 0x", gfn);
    }

    private long leaf(long gfn) {
        return leaves == null ? EngineLeaves.NONE : leaves.pfn(gfn);
    }

    // ---- poison ---------------------------------------------------------------------------------------------------------

    private void poison(int count, String what, long gfn) {
        long random = dice.next();
        long word = Words.poison(random);
        for (int i = 0; i < count; i++) {
            fill(taken[i], word);
        }
        for (int spins = (int) (random >>> 32) & MAX_SPINS - 1; spins > 0; spins--) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < count; i++) {
            for (int at = 0; at < Words.PER_PAGE; at++) {
                long found = memory.getLongAcquire(taken[i] + (long) at * Words.STRIDE); // ORDERING: not the plain store's value
                if (found != word) {
                    findings.add(Kind.STALE_STORE, "frame 0x" + Long.toHexString(taken[i] >>> Paging.PAGE_SHIFT)
                            + " was taken away by the " + what + Long.toHexString(gfn) + " and poisoned, now holds 0x"
                            + Long.toHexString(found));
                }
            }
        }
        poisoned.add(count);
    }

    private void fill(long page, long word) {
        for (int at = 0; at < Words.PER_PAGE; at++) {
            memory.putLong(page + (long) at * Words.STRIDE, word);
        }
    }

    // ---- audit ----------------------------------------------------------------------------------------------------------

    private void compare(long gfn, long pfn) {
        PageReport report = settled(gfn);
        boolean isPrivate = report.kind() == MemoryKind.PRIVATE;
        if (!machine.engineOwns(isPrivate)) {
            findings.add(Kind.BAD_LEAF, "gfn 0x" + Long.toHexString(gfn) + " is " + report.kind()
                    + " and has a leaf of the other half, to frame 0x" + Long.toHexString(pfn));
        } else if (report.pa() != pfn << Paging.PAGE_SHIFT) {
            findings.add(Kind.BAD_LEAF, "gfn 0x" + Long.toHexString(gfn) + " is mapped to frame 0x"
                    + Long.toHexString(pfn) + ", but the store has " + (report.pa() < 0 ? "none"
                            : "0x" + Long.toHexString(report.pa() >>> Paging.PAGE_SHIFT)));
        }
    }

    /// A report whose page is not being filled at the moment.
    private PageReport settled(long gfn) {
        PageReport report = vm.inspect(gfn << Paging.PAGE_SHIFT);
        for (int i = 0; report.pa() < 0 && i < PATIENCE; i++) {
            Thread.onSpinWait();
            report = vm.inspect(gfn << Paging.PAGE_SHIFT);
        }
        return report;
    }
}
