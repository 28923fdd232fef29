package org.enclosure.pkvm.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// EL2's lock. The reference has one for the host's stage 2, one for its own and one per VM, taken in this order; every transition
/// takes the first, so that one lock has the same effect. It is tried for a short while and never waited for.
final class El2Lock {
    private static final int SPINS = 64;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(El2Lock.class, "held", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through HELD
    private int held;

    /// Takes the lock if it is free, or becomes so soon.
    boolean tryEnter() {
        for (int spin = 0; spin < SPINS; spin++) {
            if (HELD.compareAndSet(this, 0, 1)) { // ORDERING: acquires what exit released
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    void exit() {
        HELD.setRelease(this, 0); // ORDERING: partner tryEnter
    }
}
