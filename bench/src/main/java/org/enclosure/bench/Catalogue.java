package org.enclosure.bench;

import java.util.List;

/// All rows.
final class Catalogue {
    private Catalogue() {
    }

    static List<Row> rows() {
        RowList rows = new RowList();
        EngineRows.addTo(rows);
        MemoryRows.addTo(rows);
        PkvmRows.addTo(rows);
        CcaRows.addTo(rows);
        SnpRows.addTo(rows);
        TdxRows.addTo(rows);
        return rows.toList();
    }
}
