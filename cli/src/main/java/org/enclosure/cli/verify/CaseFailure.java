package org.enclosure.cli.verify;

import java.io.Serial;

/// A case that differs from what the plugin does, or that says something which nobody knows.
public final class CaseFailure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// Creates one.
    ///
    /// @param message one line for people, without the case's name
    public CaseFailure(String message) {
        super(message);
    }

    /// A step, operand, key or expectation that has no meaning here: never passed over in silence.
    public static CaseFailure unknown(String name) {
        return new CaseFailure("unknown: " + name);
    }

    /// An output that differs.
    ///
    /// @param place where, for example `step 12 NAME.OF.OPERATION`; may be empty
    public static CaseFailure difference(String place, String output, String expected, String actual) {
        return new CaseFailure(
                (place.isEmpty() ? "" : place + " ") + output + " expected " + expected + " actual " + actual);
    }
}
