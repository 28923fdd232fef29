package org.enclosure.bench;

import java.util.List;
import java.util.function.Consumer;

/// The promises of a topic's rows.
final class Targets {
    private Targets() {
    }

    static List<String> of(Consumer<RowList> topic) {
        RowList rows = new RowList();
        topic.accept(rows);
        return rows.toList().stream().filter(row -> row.target() != null)
                .map(row -> row.name() + " " + row.target() + " " + row.unit()).toList();
    }
}
