package org.enclosure.systemtest.stress;

import java.util.concurrent.atomic.LongAdder;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.systemtest.stress.Findings.Kind;

/// One vCPU: loads and stores tagged words, converts now and then, by a call or by an access in the other kind. One thread.
final class GuestLoad implements Runnable {
    private static final int BATCH = 256;
    private static final int RARELY = (1 << 11) - 1;
    private static final int COLD_WORDS = 1 << 22;
    private static final int PRIVATE = 0;
    private static final int SHARED = 1;

    private final Vcpu vcpu;
    private final Findings findings;
    private final Dice dice;
    private final boolean tagged;
    private final byte[] kinds = new byte[StressMachine.PAGES];
    private final long[] tags = new long[2];
    private final long[] cold = new long[COLD_WORDS];
    private long counter;
    private final LongAdder accesses = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    GuestLoad(StressMachine machine, int index, Findings findings, Dice dice) {
        vcpu = machine.vm().createVcpu(index);
        this.findings = findings;
        this.dice = dice;
        tagged = machine.scenario().isTagged();
    }

    /// Loads and stores so far.
    long accesses() {
        return accesses.sum();
    }

    /// Times that the host had no memory or refused a call.
    long refusals() {
        return refusals.sum();
    }

    @Override
    public void run() {
        try {
            while (!findings.isStopping()) {
                after(vcpu.run(this::guest, this::onExit));
            }
        } catch (RuntimeException | Error e) {
            findings.add(Kind.BROKEN, "vCPU " + vcpu.index() + ": " + e + " at " + e.getStackTrace()[0]);
        }
    }

    // ---- the guest ------------------------------------------------------------------------------------------------------

    private void guest(GuestCpu cpu) {
        tags[PRIVATE] = cpu.address(0, true);
        tags[SHARED] = cpu.address(0, false);
        cpu.onEvent(GuestLoad::onEvent);
        while (!findings.isStopping()) {
            int done = 0;
            try {
                for (; done < BATCH; done++) {
                    step(cpu);
                }
            } finally {
                accesses.add(done);
            }
        }
    }

    private void step(GuestCpu cpu) {
        int page = dice.page(StressMachine.PAGES);
        long random = dice.next();
        int kind = kinds[page];
        long gpa = (long) page << Paging.PAGE_SHIFT;
        long address = (gpa | tags[kind]) + (long) ((int) (random >>> 8) & Words.PER_PAGE - 1) * Words.STRIDE;
        // A store that misses the cache keeps the stores behind it, the access mark among them, to this processor for a while.
        cold[(int) (random >>> 20) & cold.length - 1] = random;
        cold[(int) (random >>> 40) & cold.length - 1] = random;
        if ((random >>> 32 & RARELY) == 0) {
            convert(cpu, gpa, kind);
        } else if ((random & 1) == 0) {
            cpu.storeLong(address, Words.guest(page, kind, counter++));
        } else {
            long word = cpu.loadLong(address);
            if (!Words.isLegal(word, page, kind)) {
                findings.add(Kind.STALE_LOAD, "vCPU " + vcpu.index() + " gfn 0x" + Integer.toHexString(page) + " kind "
                        + kind + " word " + (address & Paging.PAGE_MASK) + " holds 0x" + Long.toHexString(word));
            }
        }
    }

    private void convert(GuestCpu cpu, long gpa, int kind) {
        try {
            if (kind == PRIVATE && tagged || !tagged && (counter & 1) == 0) {
                cpu.share(gpa, Paging.PAGE_SIZE);
            } else {
                cpu.unshare(gpa, Paging.PAGE_SIZE);
            }
            if (tagged) {
                kinds[(int) (gpa >>> Paging.PAGE_SHIFT)] ^= 1;
            }
        } catch (GuestRefusedException e) {
            refusals.increment();
        }
        counter++;
    }

    private static boolean onEvent(GuestCpu cpu, int event, long gpa) {
        if (event != GuestEvent.UNACCEPTED) {
            return false;
        }
        cpu.accept(gpa & -Paging.PAGE_SIZE, Paging.PAGE_SIZE);
        return true;
    }

    // ---- its VMM --------------------------------------------------------------------------------------------------------

    /// Lets some of the accesses in the wrong kind convert the page; after the others the guest changes its mind.
    private ExitAction onExit(VmExit exit) {
        boolean isMismatch = exit.reason() == ExitReason.MEMORY_FAULT && exit.errno() == Errno.EFAULT;
        return exit.reason() == ExitReason.HYPERCALL || isMismatch && (dice.next() >>> 40 & 3) == 0 ? ExitAction.RESUME
                : ExitAction.STOP;
    }

    private void after(VmExit exit) {
        if (exit.reason() == ExitReason.MEMORY_FAULT && exit.errno() == Errno.EFAULT && tagged) {
            kinds[(int) (exit.gpa() >>> Paging.PAGE_SHIFT)] = (byte) (exit.isPrivate() ? SHARED : PRIVATE);
        } else if (exit.reason() == ExitReason.MEMORY_FAULT && exit.errno() == Errno.ENOMEM) {
            refusals.increment();
        } else if (exit.reason() != ExitReason.HALTED) {
            findings.add(Kind.BROKEN, "vCPU " + vcpu.index() + " ended with " + exit.reason() + " at gpa 0x"
                    + Long.toHexString(exit.gpa()) + ": " + exit.cause());
        }
    }
}
