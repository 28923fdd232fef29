package org.enclosure.bench;

import static org.enclosure.bench.RowList.MICROS;
import static org.enclosure.bench.RowList.MILLIS;
import static org.enclosure.bench.RowList.NANOS;
import static org.enclosure.bench.RowList.PER_MICRO;
import static org.enclosure.bench.RowList.PER_MILLI;
import static org.enclosure.bench.RowList.load;
import static org.enclosure.bench.RowList.time;
import static org.enclosure.bench.RowList.words;
import static org.enclosure.bench.RowList.zero;
import static org.enclosure.bench.RowList.zeroPage;
import static org.enclosure.bench.Target.Kind.AT_LEAST;
import static org.enclosure.bench.Target.Kind.AT_MOST;
import static org.enclosure.bench.Target.Kind.AT_MOST_ABOVE_FLOOR;

/// The rows of the engine on the built-in platform.
final class EngineRows {
    private static final double MIB = 1 << 20;
    private static final double GIB_IN_4K = 262_144;
    private static final double GIB_IN_2M = 512;
    private static final double RESIDENT_PAGES = (double) FaultBenchmark.BYTES / PageTouches.SMALL_STEP;
    private static final double NEW_PAGES = (double) FaultBenchmark.NEW_BYTES / PageTouches.SMALL_STEP;
    private static final double NEW_HUGE_PAGES = (double) FaultBenchmark.NEW_BYTES / PageTouches.HUGE_STEP;

    private final RowList rows;

    private EngineRows(RowList rows) {
        this.rows = rows;
    }

    static void addTo(RowList list) {
        EngineRows rows = new EngineRows(list);
        rows.accesses();
        rows.faults();
        rows.ranges();
        rows.pages();
        rows.machines();
        rows.allocations();
    }

    private void accesses() {
        for (int mib : new int[] {1, 4, 64}) {
            rows.add("load-" + mib + "m", "guest load, random, in " + mib + "M", NANOS,
                    time(Offsets.BATCH, "AccessBenchmark.load", "mib=" + mib),
                    time(Offsets.BATCH, "RawAccessBenchmark.load", "mib=" + mib),
                    mib == 1 ? new Target(AT_MOST, 5) : null);
        }
        rows.add("store-1m", "guest store, random, in 1M", NANOS, time(Offsets.BATCH, "AccessBenchmark.store", "mib=1"),
                time(Offsets.BATCH, "RawAccessBenchmark.store", "mib=1"), null);
        rows.add("tlb-miss", "guest load, TLB miss, S2 hit", NANOS, time(Offsets.BATCH, "MissBenchmark.conflict"),
                time(Offsets.BATCH, "RawAccessBenchmark.conflict", "mib=64"), null);
    }

    private void faults() {
        rows.add("fault-resident", "fault, page in the store", NANOS,
                fault(RESIDENT_PAGES, FaultBenchmark.RESIDENT, "4k"),
                time(RESIDENT_PAGES, "MissBenchmark.pass"), new Target(AT_MOST, 120));
        rows.add("first-touch-4k", "first touch of 4K, frame committed", NANOS,
                fault(NEW_PAGES, FaultBenchmark.FREED, "4k"), zeroPage(),
                new Target(AT_MOST_ABOVE_FLOOR, 150));
        rows.add("first-touch-4k-cold", "first touch of 4K, frame cold", NANOS,
                fault(NEW_PAGES, FaultBenchmark.COLD, "4k"),
                zeroPage(), null);
        rows.add("first-touch-2m", "first touch of 2M, frames committed", MICROS,
                fault(NEW_HUGE_PAGES * PER_MICRO, FaultBenchmark.FREED, "2m"),
                zero(NEW_HUGE_PAGES * PER_MICRO, "zeroHuge"), null);
        rows.add("first-touch-2m-cold", "first touch of 2M, frames cold", MICROS,
                fault(NEW_HUGE_PAGES * PER_MICRO, FaultBenchmark.COLD, "2m"),
                zero(NEW_HUGE_PAGES * PER_MICRO, "zeroHuge"), null);
        rows.add("two-vcpus", "resident faults, 2 vCPUs against 1", "times",
                new Figure.Speedup(Measurement.of("ParallelBenchmark.fault", "vcpus=1"),
                        Measurement.of("ParallelBenchmark.fault", "vcpus=2")),
                new Figure.Speedup(Measurement.of("RawParallelBenchmark.load", "threads=1"),
                        Measurement.of("RawParallelBenchmark.load", "threads=2")),
                new Target(AT_LEAST, 1.7));
    }

    private static Figure fault(double divisor, String before, String page) {
        return time(divisor, "FaultBenchmark.fault", "before=" + before, "page=" + page);
    }

    private void ranges() {
        rows.add("convert-1g-empty", "conversion of 1 GiB, unpopulated", MICROS, range(PER_MICRO, "none"),
                words(PER_MICRO, 16), new Target(AT_MOST, 15));
        rows.add("convert-1g-4k", "conversion of 1 GiB, populated, per 4K", NANOS, range(GIB_IN_4K, "4k"),
                words(GIB_IN_4K, 262_144), new Target(AT_MOST, 10));
        rows.add("convert-1g-2m", "conversion of 1 GiB, populated, per 2M", MICROS, range(GIB_IN_2M * PER_MICRO, "2m"),
                words(GIB_IN_2M * PER_MICRO, 512), new Target(AT_MOST, 1));
    }

    private static Figure range(double divisor, String populated) {
        return time(divisor, "RangeConversionBenchmark.convert", "populated=" + populated, "mib=1024");
    }

    private void pages() {
        double divisor = PageConversionBenchmark.BATCH * PER_MICRO;
        Measurement idle = Measurement.of("PageConversionBenchmark.convert", "running=0");
        Measurement busy = Measurement.of("PageConversionBenchmark.convert", "running=1");
        Measurement barrier = Measurement.of("RawConversionBenchmark.barrier", "words=1");
        rows.add("convert-page", "conversion of a 4K page, no vCPU in guest", MICROS,
                new Figure.Single(idle, Metric.TIME, divisor), words(PER_MICRO, 1), new Target(AT_MOST, 2));
        rows.add("convert-page-busy", "conversion of a 4K page, one vCPU runs", MICROS,
                new Figure.Single(busy, Metric.TIME, divisor),
                new Figure.Single(barrier, Metric.TIME, RawConversionBenchmark.BATCH * PER_MICRO),
                new Target(AT_MOST, 20));
        rows.add("convert-page-busy-symmetric", "the same, symmetric order of accesses", MICROS,
                new Figure.Single(busy.inSymmetricOrder(), Metric.TIME, divisor),
                new Figure.Single(idle, Metric.TIME, divisor),
                new Target(AT_MOST, 2));
        rows.add("load-1m-symmetric", "guest load, random, in 1M, symmetric order", NANOS, new Figure.Single(
                Measurement.of("AccessBenchmark.load", "mib=1").inSymmetricOrder(), Metric.TIME, Offsets.BATCH),
                load(), null);
    }

    private void machines() {
        rows.add("create-vm", "creation of a VM of 64 GiB", MILLIS, time(PER_MILLI, "VmBenchmark.create"),
                time(PER_MILLI, "RawVmBenchmark.reserve"), new Target(AT_MOST, 50));
        rows.add("create-vm-memory", "memory committed for it", "MiB",
                new Figure.Single(Measurement.of("VmBenchmark.commit").once(), Metric.COMMITTED, MIB), null,
                new Target(AT_MOST, 32));
    }

    private void allocations() {
        rows.addAllocation("alloc-load", "bytes allocated per load", "AccessBenchmark.load", Offsets.BATCH, "mib=1");
        rows.addAllocation("alloc-fault", "bytes allocated per fault", "FaultBenchmark.fault", RESIDENT_PAGES,
                "before=" + FaultBenchmark.RESIDENT, "page=4k");
        rows.addAllocation("alloc-convert", "bytes allocated per conversion", "PageConversionBenchmark.convert",
                PageConversionBenchmark.BATCH, "running=0");
    }
}
