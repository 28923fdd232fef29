package org.enclosure.examples;

import java.io.Serial;
import java.util.Objects;

/// What was asked for cannot be run; nothing was run. The message is one line for the person who asked.
public final class UnusableInputException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// Creates the exception.
    ///
    /// @param message what was given, and what would be legal, in one line
    public UnusableInputException(String message) {
        super(message);
    }

    /// Creates the exception for something that the engine refused.
    ///
    /// @param message what was given, and what would be legal, in one line
    public UnusableInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The line; never null.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
