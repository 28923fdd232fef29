package org.enclosure.bench;

/// Told what is measured next.
@FunctionalInterface
public interface BenchProgress {
    /// One more JVM is about to start.
    ///
    /// @param what what it measures
    /// @param done JVMs that have ended
    /// @param total JVMs that there will be
    void onStep(String what, int done, int total);
}
