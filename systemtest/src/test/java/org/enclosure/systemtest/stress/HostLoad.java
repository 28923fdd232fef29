package org.enclosure.systemtest.stress;

import java.util.concurrent.atomic.LongAdder;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostMapping;
import org.enclosure.systemtest.stress.Findings.Kind;

/// The host: converts, punches, and takes for itself the frames that were freed. One thread.
final class HostLoad implements Runnable {
    private static final int OPERATIONS = 16;
    private static final int CONVERSIONS = 9;
    private static final int PUNCHES = 4;
    private static final int LONGEST = 16;
    private static final int TAKEN_PAGES = 4;

    private final StressMachine machine;
    private final Oracle oracle;
    private final Findings findings;
    private final Dice dice;
    private final HostMapping own;
    private final LongAdder conversions = new LongAdder();
    private final LongAdder punches = new LongAdder();
    private final LongAdder takes = new LongAdder();
    private long counter;

    HostLoad(StressMachine machine, Oracle oracle, Findings findings, Dice dice) {
        this.machine = machine;
        this.oracle = oracle;
        this.findings = findings;
        this.dice = dice;
        own = machine.space().map((long) TAKEN_PAGES << Paging.PAGE_SHIFT);
    }

    long conversions() {
        return conversions.sum();
    }

    long punches() {
        return punches.sum();
    }

    /// Times that freed frames were taken.
    long takes() {
        return takes.sum();
    }

    @Override
    public void run() {
        try {
            while (!findings.isStopping()) {
                step();
            }
        } catch (RuntimeException | Error e) {
            findings.add(Kind.BROKEN, "host: " + e + " at " + e.getStackTrace()[0]);
        }
    }

    private void step() {
        int operation = dice.below(OPERATIONS);
        if (operation >= CONVERSIONS + PUNCHES) {
            take();
            return;
        }
        long gfn = dice.page(StressMachine.PAGES);
        long npages = 1;
        if (machine.scenario().isHuge() && dice.below(16) == 0) {
            gfn = Paging.floor(gfn, Paging.LEVEL_2M);
            npages = Paging.PAGES_PER_2M;
        } else if (dice.below(8) == 0) {
            npages = Math.min(1 + dice.below(LONGEST), StressMachine.PAGES - gfn);
        }
        try {
            change(operation < CONVERSIONS, gfn, npages, dice.below(2) == 0);
        } catch (GuestMemoryException e) {
            if (e.errno() != Errno.ENOMEM) {
                throw e;
            }
        }
    }

    private void change(boolean converts, long gfn, long npages, boolean isPrivate) {
        if (converts) {
            machine.vm().conversions().convert(gfn << Paging.PAGE_SHIFT, npages << Paging.PAGE_SHIFT,
                    MemoryKind.of(isPrivate));
            conversions.increment();
        } else {
            oracle.punches(isPrivate);
            machine.punch(gfn, npages, isPrivate);
            punches.increment();
        }
    }

    /// Another owner gets frames that were just freed: whoever still writes them is found.
    private void take() {
        long word = Words.host(counter++);
        for (long at = 0; at < own.bytes(); at += Words.STRIDE) {
            own.storeLong(at, word);
        }
        for (int spins = dice.below(64); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        for (long at = 0; at < own.bytes(); at += Words.STRIDE) {
            long found = own.loadLong(at);
            if (found != word) {
                findings.add(Kind.STALE_STORE, "a word of the next owner of a frame, 0x" + Long.toHexString(word)
                        + ", is now 0x" + Long.toHexString(found));
            }
        }
        own.discard(0, own.bytes());
        takes.increment();
    }
}
