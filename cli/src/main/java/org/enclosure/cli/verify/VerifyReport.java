package org.enclosure.cli.verify;

import java.util.List;

/// What became of a file.
///
/// @param architecture the id of the plugin under test
/// @param sections in the file's order
public record VerifyReport(String architecture, List<SectionReport> sections) {
    /// Copies the list.
    public VerifyReport {
        sections = List.copyOf(sections);
    }

    /// Number of cases that passed.
    public int passed() {
        return sections.stream().mapToInt(SectionReport::passed).sum();
    }

    /// Number of cases that failed.
    public int failed() {
        return sections.stream().mapToInt(section -> section.failures().size()).sum();
    }

    /// Number of cases that could not be run.
    public int skipped() {
        return sections.stream().mapToInt(section -> section.skipped().size()).sum();
    }
}
