package org.enclosure.snp.transitions;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.tck.vector.CsvTable;

/// One row of the table.
///
/// @param number its line in the file
/// @param from the state before, in words
/// @param to the state afterwards, in words
/// @param result what is answered, in words
record Row(int number, String instruction, String precondition, String from, String to, String result) {
    /// The first row's line.
    static final int FIRST = 2;

    private static final String FILE = "/rmp-transitions.csv";
    private static final int COLUMNS = 6;

    String title() {
        return "row " + number + ": " + instruction + ", " + precondition + ": " + from + " -> " + to + ", " + result;
    }

    /// All rows, from line 2 on.
    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : CsvTable.rows(Row.class.getResourceAsStream(FILE), COLUMNS)) {
            rows.add(new Row(rows.size() + FIRST, cells.get(0), cells.get(1), cells.get(2), cells.get(3),
                    cells.get(4)));
        }
        return rows;
    }
}
