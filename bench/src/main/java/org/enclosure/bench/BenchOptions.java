package org.enclosure.bench;

import java.util.List;

/// What is to be measured, and how long.
///
/// @param names rows of [BenchSuite#names()]; all of them if empty
/// @param quick one JVM and short iterations instead of three JVMs: shows that everything works, and orders of magnitude
public record BenchOptions(List<String> names, boolean quick) {
    /// Copies the list.
    public BenchOptions {
        names = List.copyOf(names);
    }
}
