package org.enclosure.examples;

/// Follows a run. Called on the thread of the run.
@FunctionalInterface
public interface RunProgress {
    /// Shows nothing.
    RunProgress NONE = (architecture, step, done, total) -> {
    };

    /// A step begins.
    ///
    /// @param architecture id of the report that is being made
    /// @param step what is done now, in a few words
    /// @param done steps of the whole run that are over
    /// @param total steps of the whole run
    void onStep(String architecture, String step, int done, int total);
}
