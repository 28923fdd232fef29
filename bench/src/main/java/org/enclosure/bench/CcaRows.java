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

/// The rows of [CcaBenchmark].
final class CcaRows {
    private CcaRows() {
    }

    static void addTo(RowList rows) {
        int mapped = CcaBenchmark.BATCH - 1;
        rows.add("cca-gpt-check", "cca: granule protection check", NANOS,
                time(CcaBenchmark.BATCH, "CcaBenchmark.check"), load(), new Target(AT_MOST, 4));
        rows.add("cca-map", "cca: DATA_CREATE_UNKNOWN and map of a page", NANOS, time(mapped, "CcaBenchmark.map"),
                zeroPage(), new Target(AT_MOST_ABOVE_FLOOR, 250));
        rows.add("cca-ripas-1g", "cca: RIPAS change of 1 GiB in blocks of 2M", MICROS,
                time(2 * PER_MICRO, "CcaBenchmark.changeRipas", "mib=1024"), words(PER_MICRO, 512),
                new Target(AT_MOST, 60));
        rows.addAllocation("alloc-cca-check", "bytes allocated per granule protection check", "CcaBenchmark.check",
                CcaBenchmark.BATCH);
        rows.addAllocation("alloc-cca-map", "bytes allocated per page that is mapped", "CcaBenchmark.map", mapped);
    }
}
