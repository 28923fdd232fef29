package org.enclosure.core.loading;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.core.plugin.Finding;

/// Collects what is wrong while everything is searched, so that all of it is reported together.
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private int errors;

    /// An error of a provider that could not be asked for its id.
    void error(String location, String message) {
        add(new Finding(Finding.Severity.ERROR, null, location, message));
    }

    /// An error of the provider that claims the id `architecture`.
    void error(String architecture, String location, String message) {
        add(new Finding(Finding.Severity.ERROR, architecture, location, message));
    }

    void warning(String location, String message) {
        add(new Finding(Finding.Severity.WARNING, null, location, message));
    }

    private void add(Finding finding) {
        all.add(finding);
        errors += finding.severity() == Finding.Severity.ERROR ? 1 : 0;
    }

    /// How many errors there are up to now: whether a step found any is seen by asking before and after it.
    int errors() {
        return errors;
    }

    /// In the order in which they were found.
    List<Finding> all() {
        return List.copyOf(all);
    }
}
