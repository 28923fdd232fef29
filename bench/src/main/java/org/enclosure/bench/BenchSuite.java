package org.enclosure.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The entry point: measures rows of the catalogue.
public final class BenchSuite {
    private BenchSuite() {
    }

    /// The names of all rows.
    public static List<String> names() {
        return Catalogue.rows().stream().map(Row::name).toList();
    }

    /// Measures. Takes minutes; needs a JVM started with `--sun-misc-unsafe-memory-access=allow` and not with `deny`, which JMH
    /// cannot do without.
    ///
    /// @throws BenchFailedException if a benchmark cannot be run
    public static BenchReport run(BenchOptions options, BenchProgress progress) {
        List<Row> rows = Catalogue.rows().stream()
                .filter(row -> options.names().isEmpty() || options.names().contains(row.name())).toList();
        double load = MachineReport.load();
        Forks forks = new Forks(options.quick());
        Measured measured = measure(forks, needed(rows), progress);
        return new BenchReport(MachineReport.of(forks.count(), load), rows.stream().map(measured::row).toList());
    }

    private static Set<Measurement> needed(List<Row> rows) {
        Set<Measurement> needed = new LinkedHashSet<>();
        for (Row row : rows) {
            for (Measurement measurement : row.figure().measurements()) {
                needed.add(measurement.with(Plugins.ONE));
                needed.add(measurement.with(Plugins.ALL));
            }
            if (row.floor() != null) {
                row.floor().measurements().forEach(measurement -> needed.add(measurement.with(Plugins.ONE)));
            }
        }
        return needed;
    }

    private static Measured measure(Forks forks, Set<Measurement> needed, BenchProgress progress) {
        Measured measured = new Measured();
        int done = 0;
        for (Measurement measurement : needed) {
            progress.onStep(measurement.toString(), done, needed.size() * forks.count());
            measured.put(measurement, forks.run(measurement));
            done += forks.count();
        }
        return measured;
    }
}
