package org.enclosure.bench;

import static org.enclosure.bench.RowList.NANOS;
import static org.enclosure.bench.RowList.load;
import static org.enclosure.bench.RowList.time;
import static org.enclosure.bench.RowList.words;
import static org.enclosure.bench.Target.Kind.AT_MOST;

/// The rows of [PkvmBenchmark].
final class PkvmRows {
    private PkvmRows() {
    }

    static void addTo(RowList rows) {
        int donated = PkvmBenchmark.BATCH - 1;
        rows.add("pkvm-owner-check", "arm64-pkvm: whose is a frame", NANOS,
                time(PkvmBenchmark.BATCH, "PkvmBenchmark.check"), load(), new Target(AT_MOST, 4));
        rows.add("pkvm-share", "arm64-pkvm: share or unshare of a page", NANOS,
                time(2 * PkvmBenchmark.BATCH, "PkvmBenchmark.shareAndUnshare"), words(1, 1), new Target(AT_MOST, 150));
        rows.add("pkvm-donate", "arm64-pkvm: donation of a page", NANOS, time(donated, "PkvmBenchmark.donate"),
                words(1, 1), new Target(AT_MOST, 60));
        rows.addAllocation("alloc-pkvm-share", "bytes allocated per share", "PkvmBenchmark.shareAndUnshare",
                2 * PkvmBenchmark.BATCH);
        rows.addAllocation("alloc-pkvm-donate", "bytes allocated per donation", "PkvmBenchmark.donate", donated);
    }
}
