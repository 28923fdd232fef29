package org.enclosure.cli.script;

import org.jspecify.annotations.Nullable;

/// What came of a script.
///
/// @param steps how many steps it has
/// @param passed how many were as expected, before the first difference
/// @param difference the first difference, or null if there is none
public record ScriptResult(int steps, int passed, @Nullable Difference difference) {
    /// Runs the steps of a script on a machine.
    ///
    /// @throws org.enclosure.cli.UnusableInput if a step does not fit the machine's operations; then nothing was run
    public static ScriptResult of(Script script, BareMachine machine) {
        return ScriptRunner.run(new Binder(machine.operations().list()).bind(script), machine.operations());
    }

    /// The last line of the report.
    public String line() {
        String counted = passed == 1 ? "1 step passed" : passed + " steps passed";
        return difference == null ? counted : counted + " of " + steps;
    }
}
