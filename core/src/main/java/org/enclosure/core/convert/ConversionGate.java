package org.enclosure.core.convert;

import java.util.Objects;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Between a guest that asks and the engine that converts: the VM's policy. Answers by number, because a guest gets numbers.
public final class ConversionGate {
    private static final Logger LOG = LoggerFactory.getLogger(ConversionGate.class);
    private static final ConversionDecision THREW = ConversionDecision.deny("the policy threw");

    private final ConversionPolicy policy;
    private final ConversionEngine engine;
    private final long gfnLimit;

    /// Creates a gate.
    public ConversionGate(ConversionPolicy policy, ConversionEngine engine) {
        this.policy = policy;
        this.engine = engine;
        gfnLimit = engine.vm().gfnLimit();
    }

    /// Decides on a request and converts if it is allowed.
    ///
    /// @param view the asker's own
    /// @param asksPolicy false for a request that nobody can refuse
    /// @return 0 or a negative errno
    public long request(RequestView view, long gpa, long bytes, boolean toPrivate, ConversionOrigin origin, int vcpu,
            boolean asksPolicy, @Nullable GuestCall call, @Nullable TranslationHolder self) {
        try {
            GuestRange.check(gpa, bytes, gfnLimit);
            view.set(gpa, bytes, toPrivate, origin, vcpu);
            ConversionDecision decision = asksPolicy ? decide(view) : ConversionDecision.ALLOW;
            switch (decision.kind()) {
                case ALLOW -> engine.convert(view, call, self);
                case DENY -> {
                    return refused(Errno.EINVAL);
                }
                case BUSY -> {
                    return refused(Errno.EAGAIN);
                }
            }
            return 0;
        } catch (GuestMemoryException e) {
            LOG.debug("vCPU {}: {}", vcpu, e.getMessage());
            view.refuse(e);
            return refused(e.errno());
        }
    }

    private long refused(Errno errno) {
        engine.countRefusal();
        return -errno.number();
    }

    private ConversionDecision decide(RequestView view) {
        String outer = CallbackGuard.enter("the conversion policy");
        try {
            return Objects.requireNonNull(policy.decide(view), "the policy gave no decision");
        } catch (Throwable e) {
            LOG.warn("the conversion policy threw on {}, which counts as a refusal", view, e);
            return THREW;
        } finally {
            CallbackGuard.leave(outer);
        }
    }

    /// What a backend is told of a result.
    public static long status(long result) {
        if (result == 0) {
            return Status.OK;
        }
        return Status.of(result == -Errno.EAGAIN.number() ? Status.RETRY : Status.DENIED, 0, (int) -result);
    }
}
