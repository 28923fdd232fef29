package org.enclosure.tck.mutant;

import org.jspecify.annotations.Nullable;

/// What became of a killer.
///
/// @param verdict the outcome
/// @param cause what it threw; null if it passed
public record Outcome(Verdict verdict, @Nullable Throwable cause) {
    /// The possible outcomes.
    public enum Verdict {
        /// The killer found nothing wrong.
        PASSED,
        /// An assertion of the killer failed.
        CAUGHT,
        /// Something else went wrong; that is no way to catch a mutant.
        BROKE_DOWN
    }

    @Override
    public String toString() {
        return cause == null ? verdict.toString() : verdict + ": " + cause;
    }
}
