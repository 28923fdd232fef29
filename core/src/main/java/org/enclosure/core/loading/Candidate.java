package org.enclosure.core.loading;

import java.util.function.Supplier;

import org.enclosure.spi.ArchitectureProvider;

/// A provider that was found but not yet asked anything.
///
/// @param className its class
/// @param location the jar, folder or module that names it
/// @param source creates it, or throws what its constructor threw
record Candidate(String className, String location, Supplier<ArchitectureProvider> source) {
    /// How errors call it.
    String label() {
        return "provider " + className + " in " + location;
    }
}
