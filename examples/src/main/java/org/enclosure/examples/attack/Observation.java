package org.enclosure.examples.attack;

/// What an attack got.
///
/// @param text what was observed, in the words of [ExpectedOutcomes]
/// @param attempts how often it was really tried
public record Observation(String text, long attempts) {
    /// What a host attack got, and what the guest sees of it.
    static Observation of(String hostGot, String guestSees, long attempts) {
        return new Observation(hostGot + "; " + guestSees, attempts);
    }
}
