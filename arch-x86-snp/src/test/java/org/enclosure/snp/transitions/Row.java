package org.enclosure.snp.transitions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
        try (InputStream in = Objects.requireNonNull(Row.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> cells = cells(line);
                assertEquals(COLUMNS, cells.size(), line);
                rows.add(new Row(rows.size() + FIRST, cells.get(0), cells.get(1), cells.get(2), cells.get(3),
                        cells.get(4)));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    /// Splits a line at commas outside of quotation marks.
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
