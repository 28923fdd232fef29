package org.enclosure.cli.script;

import java.util.List;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.OperationCall;
import org.jspecify.annotations.Nullable;

/// Executes steps until one differs from what it expects.
final class ScriptRunner {
    private ScriptRunner() {
    }

    /// Runs a script.
    static ScriptResult run(List<BoundStep> steps, ArchOperations operations) {
        for (int passed = 0; passed < steps.size(); passed++) {
            Difference difference = run(steps.get(passed), operations);
            if (difference != null) {
                return new ScriptResult(steps.size(), passed, difference);
            }
        }
        return new ScriptResult(steps.size(), steps.size(), null);
    }

    private static @Nullable Difference run(BoundStep step, ArchOperations operations) {
        for (long repetition = 0; repetition < step.repeat(); repetition++) {
            OperationCall call = step.call(repetition);
            long status;
            try {
                status = operations.invoke(step.operation(), call);
            } catch (RuntimeException e) {
                return Difference.thrown(step, repetition, e);
            }
            for (Expectation expectation : step.expectations()) {
                if (!expectation.holds(status, call)) {
                    return Difference.of(step, repetition, expectation.output(), expectation.expected(),
                            expectation.actual(status, call));
                }
            }
        }
        return null;
    }
}
