package org.enclosure.core.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.core.translation.Backoff;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.VcpuBackend;

/// Whether a vCPU is in its guest, as its backend sees it. The state word serialises `enter` and `leave` between the vCPU and
/// whoever kicks it:
///
/// ```
///   OUT -> ENTERING -> IN -> LEAVING -> OUT          the vCPU
///                      IN -> KICKING -> KICKED       the kicker
///                               KICKED -> ENTERING   the vCPU, at its next slow path
/// ```
///
/// Where no conversion kicks (the trait FLUSH_NEEDS_EXIT is missing) the word is never written.
public final class GuestEntry {
    private static final int OUT = 0;
    private static final int ENTERING = 1;
    private static final int IN = 2;
    private static final int LEAVING = 3;
    private static final int KICKING = 4;
    private static final int KICKED = 5;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(GuestEntry.class, "state", int.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final VcpuBackend backend;
    private final boolean kickable;
    private final FaultDetail kickDetail = new FaultDetail();
    /// Where nobody kicks: whether the vCPU is in. The vCPU's own.
    private boolean inside;
    private volatile int state = OUT;

    /// Creates the entry of a vCPU that is out of its guest.
    public GuestEntry(VcpuBackend backend, boolean kickable) {
        this.backend = backend;
        this.kickable = kickable;
    }

    /// The vCPU enters.
    ///
    /// @return the backend's status; on a negative one the vCPU is out
    public long enter(GuestCall call, FaultDetail detail) {
        if (!kickable) {
            long entered = backend.enter(call, detail);
            inside = entered >= 0;
            return entered;
        }
        awaitKicker();
        state = ENTERING; // ORDERING: volatile; a kicker waits until this becomes IN
        long status = backend.enter(call, detail);
        state = status >= 0 ? IN : OUT;
        return status;
    }

    /// The vCPU leaves. If it was kicked meanwhile, it has left already.
    public void leave(int reason, FaultDetail detail) {
        if (!kickable) {
            if (inside) {
                inside = false;
                backend.leave(reason, detail);
            }
        } else if (STATE.compareAndSet(this, IN, LEAVING)) { // ORDERING: against kick
            backend.leave(reason, detail);
            state = OUT;
        } else {
            awaitKicker(); // kicked meanwhile, or never in
            state = OUT;
        }
    }

    /// Whether the vCPU was kicked out and has to enter again.
    public boolean isKicked() {
        int now = state;
        return now == KICKED || now == KICKING;
    }

    /// Makes the vCPU leave, from another thread; returns when it is out.
    public void kick() {
        for (int round = 0;; round++) {
            int now = state;
            if (now == OUT || now == KICKED) {
                return;
            }
            if (now == IN && STATE.compareAndSet(this, IN, KICKING)) { // ORDERING: against leave
                backend.leave(VcpuBackend.LEFT_KICK, kickDetail);
                state = KICKED;
                return;
            }
            Backoff.pause(round);
        }
    }

    private void awaitKicker() {
        for (int round = 0; state == KICKING; round++) {
            Backoff.pause(round);
        }
    }
}
