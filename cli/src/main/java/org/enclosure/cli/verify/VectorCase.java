package org.enclosure.cli.verify;

/// One case of a section.
///
/// @param id as the file names it, or `#n` with its place in the list, from 1
/// @param body what it does
public record VectorCase(String id, Body body) {
    /// The steps of a case.
    @FunctionalInterface
    public interface Body {
        /// Runs the case; it passes if nothing is thrown.
        ///
        /// @param machines opens bare machines; they are closed after the case
        /// @throws CaseFailure at the first difference, or at a name that is not known
        /// @throws CaseSkipped if the case needs something that is not there
        void run(Machines machines);
    }
}
