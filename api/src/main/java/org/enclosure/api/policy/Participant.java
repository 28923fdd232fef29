package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// Somebody outside of the engine who holds translations or references of shared memory: an IOMMU, a vhost backend.
///
/// Told before and after each conversion, in the order of registration. Called on the converting thread; a call back into
/// slots, stores or attributes is refused by name.
@API(status = STABLE, since = "0.1")
public interface Participant {
    /// The name by which errors call it.
    String name();

    /// Before anything changes: give up what the conversion needs, or veto.
    ///
    /// @return whether the conversion may go on; a throw is a veto
    boolean prepare(ConversionRequest request);

    /// The conversion is done.
    void commit(ConversionRequest request);

    /// The conversion that was prepared does not take place; take back what was given up.
    void abort(ConversionRequest request);
}
