package org.enclosure.examples;

import java.util.List;

/// What came of a run.
///
/// @param outcome OK if it is on every architecture
/// @param architectures one report per VM type that was run, in the order of the run; never empty
public record RunReport(Outcome outcome, List<ArchitectureReport> architectures) {
    /// Copies the list.
    public RunReport {
        architectures = List.copyOf(architectures);
    }

    /// The report of a run with these parts.
    static RunReport of(List<ArchitectureReport> architectures) {
        return new RunReport(Outcome.of(architectures.stream().allMatch(report -> report.outcome() == Outcome.OK)),
                architectures);
    }
}
