package org.enclosure.tck.vector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A table of transitions in a file: a line of titles, then a row a line, with commas between cells and quotation marks around
/// those that have commas in them.
public final class CsvTable {
    private CsvTable() {
    }

    /// The rows below the titles; row `i` is line `i + 2` of the file.
    ///
    /// @param file is closed; null if there is none
    /// @throws AssertionError if a row has another number of cells
    /// @throws NullPointerException if there is no file
    public static List<List<String>> rows(@Nullable InputStream file, int columns) {
        List<List<String>> rows = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(file, "the table is not among the resources");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> cells = cells(line);
                if (cells.size() != columns) {
                    throw new AssertionError(cells.size() + " cells instead of " + columns + ": " + line);
                }
                rows.add(cells);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

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
