package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// A policy's answer. There is no "later": whoever needs time answers [#BUSY], and the guest asks again.
@API(status = STABLE, since = "0.1")
public final class ConversionDecision {
    /// Convert.
    public static final ConversionDecision ALLOW = new ConversionDecision(Kind.ALLOW, "allowed");
    /// Not now; the guest is told to try again.
    public static final ConversionDecision BUSY = new ConversionDecision(Kind.BUSY, "busy");

    /// The three answers.
    @API(status = STABLE, since = "0.1")
    public enum Kind {
        /// Convert.
        ALLOW,
        /// Refuse.
        DENY,
        /// Try again.
        BUSY
    }

    private final Kind kind;
    private final String reason;

    private ConversionDecision(Kind kind, String reason) {
        this.kind = kind;
        this.reason = reason;
    }

    /// A refusal. Keep it in a constant where refusals are frequent.
    ///
    /// @param reason one clause, for the exit and the log
    public static ConversionDecision deny(String reason) {
        return new ConversionDecision(Kind.DENY, reason);
    }

    /// Which of the three.
    public Kind kind() {
        return kind;
    }

    /// Why.
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return kind + " (" + reason + ")";
    }
}
