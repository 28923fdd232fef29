package org.enclosure.cli.script;

/// Where a script stopped.
///
/// @param step number of the step, from 1
/// @param op its operation
/// @param repetition which execution of the step, from 1
/// @param repeat how often the step was to be executed
/// @param output the output that differs, or `exception`
/// @param expected what the script expects
/// @param actual what was observed
public record Difference(int step, String op, long repetition, long repeat, String output, String expected,
        String actual) {
    static Difference of(BoundStep step, long repetition, String output, String expected, String actual) {
        return new Difference(step.number(), step.operation().name(), repetition + 1, step.repeat(), output, expected,
                actual);
    }

    static Difference thrown(BoundStep step, long repetition, RuntimeException thrown) {
        String kind = thrown instanceof IllegalArgumentException ? "refused: "
                : thrown.getClass().getSimpleName() + ": ";
        return of(step, repetition, "exception", "none", kind + thrown.getMessage());
    }

    /// The difference in one line.
    public String line() {
        String which = repeat == 1 ? "" : " (repetition " + repetition + " of " + repeat + ")";
        return "step " + step + " " + op + which + ": " + output + " expected " + expected + " actual " + actual;
    }
}
