package org.enclosure.cli.verify;

import java.util.List;

/// What became of a section.
///
/// @param section its name
/// @param passed number of cases that passed
/// @param failures those that did not
/// @param skipped those that could not be run
public record SectionReport(String section, int passed, List<Remark> failures, List<Remark> skipped) {
    /// A case and what is to be said of it.
    ///
    /// @param id the case
    /// @param text one line
    public record Remark(String id, String text) {
    }

    /// Copies the lists.
    public SectionReport {
        failures = List.copyOf(failures);
        skipped = List.copyOf(skipped);
    }
}
