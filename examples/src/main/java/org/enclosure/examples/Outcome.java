package org.enclosure.examples;

import java.util.Locale;

/// How a run, or its part on one architecture, ended.
public enum Outcome {
    /// Everything was as it has to be.
    OK,
    /// Something was not; the failures say what.
    FAILED;

    /// [#OK] exactly if the condition holds.
    static Outcome of(boolean ok) {
        return ok ? OK : FAILED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
