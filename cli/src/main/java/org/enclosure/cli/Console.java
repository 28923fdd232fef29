package org.enclosure.cli;

import java.io.PrintStream;
import java.util.Map;

/// What a command talks to.
///
/// @param out standard output: results, and nothing but results
/// @param err standard error: messages and progress
/// @param environment the environment variables
/// @param terminal whether `err` is a terminal, so that progress may be drawn on it
record Console(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
    /// Copies the environment.
    Console {
        environment = Map.copyOf(environment);
    }
}
