package org.enclosure.bench;

import static org.enclosure.bench.RowList.NANOS;
import static org.enclosure.bench.RowList.time;
import static org.enclosure.bench.Target.Kind.AT_MOST;

/// The rows of what memory costs: the tables of a private GiB, conversions beside a vCPU that has nothing to do with them, and giving back.
final class MemoryRows {
    private static final double MIB = 1 << 20;
    private static final double KIB = 1 << 10;
    private static final double PAGES = (double) TrimBenchmark.BYTES / PageTouches.SMALL_STEP;

    private MemoryRows() {
    }

    static void addTo(RowList rows) {
        metadata(rows, "metadata-1g-empty", "tables of a private GiB, unpopulated", "KiB", KIB, "none", 64);
        metadata(rows, "metadata-1g-4k", "tables of a private GiB, populated by 4K", "MiB", MIB, "4k", 1);
        metadata(rows, "metadata-1g-2m", "tables of a private GiB, populated by 2M", "KiB", KIB, "2m", 64);
        rows.add("storm", "a vCPU beside 1,000 conversions of 2M a second", "%", slowdown(StormBenchmark.CONVERSIONS),
                slowdown(StormBenchmark.BARRIERS), new Target(AT_MOST, 10));
        rows.add("trim", "memory given back to the system, per 4K", NANOS, time(PAGES, "TrimBenchmark.trim"),
                time(PAGES, "RawTrimBenchmark.giveBack"), new Target(AT_MOST, 400));
    }

    private static void metadata(RowList rows, String name, String what, String unit, double divisor, String populated,
            double limit) {
        Measurement measurement = Measurement.of("MetadataBenchmark.create", "populated=" + populated).once();
        rows.add(name, what, unit, new Figure.Single(measurement, Metric.COMMITTED, divisor), null,
                new Target(AT_MOST, limit));
    }

    private static Figure slowdown(String storm) {
        return new Figure.Slowdown(Measurement.of("StormBenchmark.load", "storm=" + StormBenchmark.CALM),
                Measurement.of("StormBenchmark.load", "storm=" + storm));
    }
}
