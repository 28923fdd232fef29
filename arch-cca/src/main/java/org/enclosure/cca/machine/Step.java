package org.enclosure.cca.machine;

import org.enclosure.cca.wire.RunPage;

/// What one step of a realm's processor did. Owned by whoever drives the processor, reused for all its steps.
public final class Step {
    /// Outcome of an action, or event of an entry: done; of an entry: nothing had to be completed.
    public static final int DONE = 0;
    /// The realm got an external abort; `esr` and `far`. At an entry: by the host.
    public static final int ABORTED = 1;
    /// The REC leaves, and the instruction is executed again later.
    public static final int EXIT_AGAIN = 2;
    /// Granule protection fault: the access is lost.
    public static final int PROTECTION_FAULT = 3;
    /// Undefined instruction.
    public static final int UNDEFINED = 4;
    /// The REC leaves, and a later entry completes the instruction.
    public static final int EXIT_PENDING = 5;
    /// The REC leaves, and the instruction is done.
    public static final int EXIT_DONE = 6;
    /// Of an entry: the host emulated the access; `value`.
    public static final int EMULATED = 7;
    /// Of an entry: an SMC has ended; `x`.
    public static final int COMPLETED = 8;

    /// What the last entry completed.
    public int event;
    /// What was loaded, stored or emulated.
    public long value;
    /// Syndrome of the realm's abort.
    public long esr;
    /// Address of the realm's abort.
    public long far;
    /// Address space that the access reached.
    public int pas;
    /// General registers: arguments of an SMC, then its results.
    public final long[] x = new long[RunPage.NUM_GPRS];
    /// The processor's last walk.
    public final WalkCache cache = new WalkCache();

    /// Creates a cleared step.
    public Step() {
    }

    void clear() {
        event = DONE;
        value = 0;
        esr = 0;
        far = 0;
        pas = 0;
    }
}
