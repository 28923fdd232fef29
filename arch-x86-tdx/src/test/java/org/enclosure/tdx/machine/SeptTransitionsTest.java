package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.enclosure.tdx.wire.SeptState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of transitions: 321 rows, each done where it is legal, and done where it is not, with the status that the row names
/// and nothing changed.
class SeptTransitionsTest {
    private static final int ROWS = 321;

    /// One row of the table.
    ///
    /// @param number its line
    /// @param cells its cells
    record Row(int number, List<String> cells) {
        String from() {
            return cells.get(0);
        }

        String instruction() {
            return cells.get(1);
        }

        String condition() {
            return cells.get(2);
        }

        /// The state afterwards, without what is said about it.
        SeptState to() {
            return SeptState.valueOf(cells.get(3).split(" ", 2)[0]);
        }

        SeptState state() {
            return SeptState.valueOf(from());
        }

        String error() {
            return cells.get(4);
        }

        /// The status; `L` stands for a level.
        long status(int level) {
            String digits = cells.get(5).split(" ", 2)[0].replace("0x", "").replace("L", Integer.toString(level));
            return Long.parseUnsignedLong(digits, 16);
        }

        boolean isNever() {
            return condition().startsWith("never legal");
        }

        boolean says(String words) {
            return condition().contains(words);
        }

        @Override
        public String toString() {
            return number + ": " + from() + " " + instruction() + ": " + condition();
        }
    }

    static Stream<Row> rows() {
        InputStream stream = Objects.requireNonNull(Row.class.getResourceAsStream("sept-transitions.csv"));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            return Stream.iterate(1, i -> i < lines.size(), i -> i + 1)
                    .map(i -> new Row(i + 1, SeptTransitionsTest.cells(lines.get(i))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Cells hold commas in quotes.
    private static List<String> cells(String line) {
        return Stream.of(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .map(cell -> cell.replaceAll("^\"|\"$", "")).toList();
    }

    @Test
    void theTableShouldBeWhole() {
        assertEquals(ROWS, rows().count());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldGoAsTheTableSays(Row row) {
        if (row.from().startsWith("(")) {
            TransitionCases.ofTheTd(row);
            return;
        }
        switch (row.instruction()) {
            case "GUEST_ACCESS" -> TransitionCases.access(row);
            case "TDG.MEM.PAGE.ACCEPT" -> TransitionCases.accept(row);
            case "TDH.EXPORT.BLOCKW", "TDH.EXPORT.RESTORE" -> MigrationCases.turn(row);
            case "TDH.EXPORT.MEM" -> MigrationCases.export(row);
            case "TDH.IMPORT.MEM" -> MigrationCases.importPage(row);
            default -> TransitionCases.leaf(row);
        }
    }
}
