package org.enclosure.examples.attack;

/// Counts the tries of one attack.
final class Tally {
    private long attempts;

    /// One more try is being made.
    void count() {
        attempts++;
    }

    /// How many there were.
    long attempts() {
        return attempts;
    }
}
