package org.enclosure.cli;

import java.io.Serial;

/// What was given cannot be used: nothing was run, exit status 2. The message is one line for people, its quoted values
/// made visible.
public final class UnusableInput extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// Creates one without a cause worth showing.
    public UnusableInput(String message) {
        super(message);
    }

    /// Creates one with the cause that `--stacktrace` shows.
    public UnusableInput(String message, Throwable cause) {
        super(message, cause);
    }
}
