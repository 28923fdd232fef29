package org.enclosure.bench;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// Rows that are being put together, each topic's by a class of its own.
final class RowList {
    static final String NANOS = "ns";
    static final String MICROS = "us";
    static final String MILLIS = "ms";
    /// Nanoseconds in a microsecond.
    static final double PER_MICRO = 1_000;
    /// Nanoseconds in a millisecond.
    static final double PER_MILLI = 1_000_000;

    /// Bytes per operation that are no object per operation (that would be 16) but what the JVM does now and then.
    private static final double NOTHING = 0.1;

    private final List<Row> rows = new ArrayList<>();

    /// Adds a row; see [Row].
    void add(String name, String what, String unit, Figure figure, @Nullable Figure floor, @Nullable Target target) {
        rows.add(new Row(name, what, unit, figure, floor, target));
    }

    /// Adds a row for bytes allocated, which have to be none.
    ///
    /// @param divisor operations in a batch
    void addAllocation(String name, String what, String benchmark, double divisor, String... parameters) {
        add(name, what, "B", new Figure.Single(Measurement.of(benchmark, parameters), Metric.ALLOCATED, divisor), null,
                new Target(Target.Kind.AT_MOST, NOTHING));
    }

    /// The time of a benchmark.
    ///
    /// @param divisor operations in a batch, times nanoseconds of the row's unit
    static Figure time(double divisor, String benchmark, String... parameters) {
        return new Figure.Single(Measurement.of(benchmark, parameters), Metric.TIME, divisor);
    }

    /// The floor of what looks a word up: a random load in 1M.
    static Figure load() {
        return time(Offsets.BATCH, "RawAccessBenchmark.load", "mib=1");
    }

    /// The floor of what zeroes memory.
    ///
    /// @param divisor parts that the time for all of it is divided by
    static Figure zero(double divisor, String method) {
        return time(divisor, "RawAccessBenchmark." + method, "mib=" + (FaultBenchmark.NEW_BYTES >>> 20));
    }

    /// The floor of what zeroes a 4K page.
    static Figure zeroPage() {
        return zero((double) FaultBenchmark.NEW_BYTES / PageTouches.SMALL_STEP, "zeroSmall");
    }

    /// The floor of what changes words of a table.
    ///
    /// @param divisor parts that the time is divided by, times nanoseconds of the row's unit
    /// @param count words that change
    static Figure words(double divisor, int count) {
        return time(divisor * RawConversionBenchmark.BATCH, "RawConversionBenchmark.change", "words=" + count);
    }

    /// What was added.
    List<Row> toList() {
        return List.copyOf(rows);
    }
}
