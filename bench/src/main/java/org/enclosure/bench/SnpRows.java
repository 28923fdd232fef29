package org.enclosure.bench;

import static org.enclosure.bench.RowList.MILLIS;
import static org.enclosure.bench.RowList.NANOS;
import static org.enclosure.bench.RowList.PER_MILLI;
import static org.enclosure.bench.RowList.load;
import static org.enclosure.bench.RowList.time;
import static org.enclosure.bench.RowList.words;
import static org.enclosure.bench.Target.Kind.AT_MOST;
import static org.enclosure.bench.Target.Kind.AT_MOST_TIMES_FLOOR;

/// The rows of [SnpBenchmark], [SnpAssignBenchmark], [SnpPscBenchmark] and [SnpDigestBenchmark].
final class SnpRows {
    private SnpRows() {
    }

    static void addTo(RowList rows) {
        rows.add("snp-check", "x86-snp: RMP check of a guest access", NANOS,
                time(SnpBenchmark.BATCH, "SnpBenchmark.check"), load(), new Target(AT_MOST, 4));
        rows.add("snp-assign", "x86-snp: assignment of a page", NANOS,
                time(SnpAssignBenchmark.BATCH, "SnpAssignBenchmark.assign"),
                words(1, 2), new Target(AT_MOST, 30));
        rows.add("snp-pvalidate-2m", "x86-snp: PVALIDATE of a 2M page", NANOS,
                time(SnpBenchmark.BATCH, "SnpBenchmark.pvalidate"), words(1, 1), new Target(AT_MOST, 200));
        rows.add("snp-psc", "x86-snp: page state change, per entry", NANOS,
                time(SnpPscBenchmark.ENTRIES, "SnpPscBenchmark.change"), words(1, 1), new Target(AT_MOST, 80));
        rows.add("snp-digest-4m", "x86-snp: launch digest of 4M", MILLIS, time(PER_MILLI, "SnpDigestBenchmark.measure"),
                time(PER_MILLI, "SnpDigestBenchmark.sha384"), new Target(AT_MOST_TIMES_FLOOR, 1.2));
        rows.addAllocation("alloc-snp-check", "bytes allocated per check", "SnpBenchmark.check", SnpBenchmark.BATCH);
        rows.addAllocation("alloc-snp-assign", "bytes allocated per assignment", "SnpAssignBenchmark.assign",
                SnpAssignBenchmark.BATCH);
        rows.addAllocation("alloc-snp-psc", "bytes allocated per entry", "SnpPscBenchmark.change",
                SnpPscBenchmark.ENTRIES);
    }
}
