package org.enclosure.bench;

import java.util.List;

/// The result of a suite.
///
/// @param machine what it ran on
/// @param rows the rows, in the order of the catalogue
public record BenchReport(MachineReport machine, List<BenchRow> rows) {
    /// Copies the list.
    public BenchReport {
        rows = List.copyOf(rows);
    }

    /// How many rows have a target.
    public long targets() {
        return rows.stream().filter(row -> row.target() != null).count();
    }

    /// How many rows reach their target.
    public long met() {
        return rows.stream().filter(row -> Boolean.TRUE.equals(row.met())).count();
    }
}
