package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// Decides on each conversion that a guest asks for.
@FunctionalInterface
@API(status = STABLE, since = "0.1")
public interface ConversionPolicy {
    /// Allows everything.
    ConversionPolicy ALLOW_ALL = request -> ConversionDecision.ALLOW;

    /// Decides. Called on the vCPU's thread with no lock held. It must not change slots, stores or attributes: such a call is
    /// refused by name. What it throws counts as a refusal.
    ConversionDecision decide(ConversionRequest request);
}
