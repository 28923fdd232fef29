package org.enclosure.bench;

import static org.enclosure.bench.RowList.MICROS;
import static org.enclosure.bench.RowList.NANOS;
import static org.enclosure.bench.RowList.PER_MICRO;
import static org.enclosure.bench.RowList.load;
import static org.enclosure.bench.RowList.time;
import static org.enclosure.bench.RowList.words;
import static org.enclosure.bench.RowList.zeroPage;
import static org.enclosure.bench.Target.Kind.AT_MOST;
import static org.enclosure.bench.Target.Kind.AT_MOST_ABOVE_FLOOR;

/// The rows of [TdxBenchmark] and [TdxLeafBenchmark].
final class TdxRows {
    private TdxRows() {
    }

    static void addTo(RowList rows) {
        int come = TdxBenchmark.BATCH - 1;
        int removed = TdxLeafBenchmark.BATCH;
        rows.add("tdx-sept-check", "x86-tdx: secure EPT check for a TLB fill", NANOS,
                time(TdxBenchmark.BATCH, "TdxBenchmark.check"), load(), new Target(AT_MOST, 6));
        rows.add("tdx-aug-accept", "x86-tdx: AUG and ACCEPT of a page", NANOS, time(come, "TdxBenchmark.augAndAccept"),
                zeroPage(), new Target(AT_MOST_ABOVE_FLOOR, 400));
        rows.add("tdx-remove-2m", "x86-tdx: BLOCK, TRACK and REMOVE of a 2M page", MICROS,
                time(PER_MICRO * removed, "TdxLeafBenchmark.removeOneByOne"), words(PER_MICRO, 1),
                new Target(AT_MOST, 3));
        rows.add("tdx-remove-512", "x86-tdx: BLOCK, TRACK and REMOVE of 512 2M pages, one TRACK", MICROS,
                time(PER_MICRO, "TdxLeafBenchmark.removeTogether"), words(PER_MICRO, removed),
                new Target(AT_MOST, 3 * removed));
        rows.addAllocation("alloc-tdx-check", "bytes allocated per secure EPT check", "TdxBenchmark.check",
                TdxBenchmark.BATCH);
        rows.addAllocation("alloc-tdx-accept", "bytes allocated per AUG and ACCEPT", "TdxBenchmark.augAndAccept", come);
        rows.addAllocation("alloc-tdx-remove", "bytes allocated per removal of a 2M page",
                "TdxLeafBenchmark.removeOneByOne", removed);
    }
}
