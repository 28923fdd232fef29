package org.enclosure.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of cells in aligned columns; cells of unknown origin are made visible.
final class TextTable {
    private static final String GAP = "  ";

    private final String indent;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String indent) {
        this.indent = indent;
    }

    /// Adds a row; rows may differ in length.
    TextTable row(String... cells) {
        String[] shown = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            shown[i] = Escape.visible(cells[i]);
        }
        rows.add(shown);
        return this;
    }

    /// Adds all rows as lines. The last cell of a row widens no column.
    void appendTo(StringBuilder text) {
        int[] widths = widths();
        for (String[] row : rows) {
            text.append(indent);
            for (int i = 0; i < row.length; i++) {
                text.append(row[i]);
                if (i < row.length - 1) {
                    text.repeat(' ', widths[i] - row[i].length()).append(GAP);
                }
            }
            text.append('\n');
        }
    }

    private int[] widths() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < row.length - 1; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return widths;
    }
}
