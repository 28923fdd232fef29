package org.enclosure.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The entry point: measures rows of the catalogue.
public final class BenchSuite {
    private static final String TEMPORARY = "java.io.tmpdir";

    private BenchSuite() {
    }

    /// The names of all rows.
    public static List<String> names() {
        return Catalogue.rows().stream().map(Row::name).toList();
    }

    /// Measures. Takes minutes; needs a JVM started with `--sun-misc-unsafe-memory-access=allow` and not with `deny`, which JMH
    /// cannot do without. One suite at a time in a JVM: JMH takes its folder from a system property, which is changed meanwhile.
    ///
    /// @throws BenchFailedException if a benchmark cannot be run
    public static BenchReport run(BenchOptions options, BenchProgress progress) {
        List<Row> rows = Catalogue.rows().stream()
                .filter(row -> options.names().isEmpty() || options.names().contains(row.name())).toList();
        double load = MachineReport.load();
        Path temporary = createFolder();
        String before = System.setProperty(TEMPORARY, temporary.toString());
        try {
            Forks forks = new Forks(options.quick(), temporary.toString());
            Measured measured = measure(forks, needed(rows), progress);
            return new BenchReport(MachineReport.of(forks.count(), load), rows.stream().map(measured::row).toList());
        } finally {
            System.setProperty(TEMPORARY, before);
            delete(temporary);
        }
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

    /// JMH's lock file lies in the folder for temporary files; another user's there would keep us out.
    private static Path createFolder() {
        try {
            return Files.createTempDirectory("enclosure-bench");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for temporary files", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
