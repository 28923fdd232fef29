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

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.SeptState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every state of an entry against every instruction, with the outcomes that the module's own code gave: 1,298 rows.
///
/// The machine: a debug TD, its tables from 0x40100000 on. An entry of level 0 holds 0x40200000, one of level 1 0x40400000, a table
/// under test lies at 0x40180000, its children from 0x40600000 on. R8 is 0x40300000 for a 4K page, 0x40800000 for a 2M page and
/// 0x40301000 for a table. "untracked" is blocked in the present epoch, "old-vcpu" is tracked with a vCPU of the old epoch inside,
/// "tracked" is tracked with none.
class SeptMatrixTest {
    private static final long TD = Script.TD;
    private static final long LIST = 0x4100_0000L;
    private static final long TABLE = 0x4018_0000L;
    private static final long CHILDREN = 0x4060_0000L;
    private static final long[] PAGES = {0x4020_0000L, 0x4040_0000L};
    private static final long[] NEW_PAGES = {0x4030_0000L, 0x4080_0000L};
    private static final long NEW_TABLE = 0x4030_1000L;
    private static final int ROWS = 1298;

    /// One row of the table.
    ///
    /// @param number its line
    /// @param cells its cells
    record Row(int number, List<String> cells) {
        int level() {
            return Integer.parseInt(cells.get(0));
        }

        SeptState from() {
            return SeptState.valueOf(cells.get(1));
        }

        String children() {
            return cells.get(2);
        }

        OpState opState() {
            return OpState.valueOf(cells.get(3));
        }

        String tracking() {
            return cells.get(4);
        }

        String instruction() {
            return cells.get(5);
        }

        String cell(int index) {
            return cells.get(index);
        }

        @Override
        public String toString() {
            return number + ": " + String.join(" ", cells.subList(0, 6));
        }
    }

    static Stream<Row> rows() {
        InputStream stream = Objects.requireNonNull(SeptMatrixTest.class.getResourceAsStream("sept-matrix-oracle.csv"));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            assertEquals(ROWS + 1, lines.size());
            return Stream.iterate(1, i -> i <= ROWS, i -> i + 1)
                    .map(i -> new Row(i + 1, List.of(lines.get(i).split(",", -1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldAnswerAsTheModuleDid(Row row) {
        try (Script script = Script.building(Attributes.DEBUG, row.level() + 1)) {
            prepare(script, row);
            track(script, row);
            if (row.from() != SeptState.FREE) {
                script.invoke("TEST.SET_SEPT_STATE", TD, 0, row.level(), row.from().code());
            }
            script.invoke("TEST.SET_OP_STATE", TD, row.opState().number());
            execute(script, row);
            script.invoke("STATE.SEPT_ENTRY", TD, 0, row.level());
            assertEquals(number(row.cell(13)), script.out("raw"), "entry afterwards");
        }
    }

    /// Brings page or table to where the row wants it.
    private static void prepare(Script script, Row row) {
        if (row.from().isTable()) {
            script.invoke("TDH.MEM.SEPT.ADD", row.level(), TD, TABLE);
            for (long i = 0; row.children().equals("MAPPED") && i < 512; i++) {
                script.invoke("TDH.MEM.PAGE.AUG", i << 12, TD, CHILDREN + (i << 12));
                script.invoke("TDG.MEM.PAGE.ACCEPT", TD, i << 12);
            }
        } else if (row.from().isPage()) {
            script.invoke("TDH.MEM.PAGE.AUG", row.level(), TD, PAGES[row.level()]);
        }
    }

    /// Blocks in the present epoch and goes on from there as the row says.
    private static void track(Script script, Row row) {
        if (row.tracking().equals("n/a") || !(row.from().isPage() || row.from().isTable())) {
            return;
        }
        if (row.tracking().equals("old-vcpu")) {
            script.invoke("VCPU.ENTER", TD, 0);
        }
        script.invoke("TDH.MEM.RANGE.BLOCK", row.level(), TD);
        if (!row.tracking().equals("untracked")) {
            assertEquals(0, script.invoke("TDH.MEM.TRACK", TD));
        }
    }

    private static void execute(Script script, Row row) {
        int level = row.level();
        switch (row.instruction()) {
            case "GUEST_ACCESS_R" -> access(script, row, 1);
            case "GUEST_ACCESS_W" -> access(script, row, 2);
            case "TDG.MEM.PAGE.ACCEPT" -> accept(script, row);
            case "TDH.EXPORT.BLOCKW", "TDH.EXPORT.RESTORE" -> list(script, row);
            case "TDH.MEM.PAGE.ADD" -> leaf(script, row, 0, TD, NEW_PAGES[0], Script.SOURCE);
            case "TDH.MEM.PAGE.AUG", "TDH.MEM.PAGE.RELOCATE" -> leaf(script, row, level, TD, NEW_PAGES[level]);
            case "TDH.MEM.SEPT.ADD", "TDH.MEM.PAGE.DEMOTE" -> leaf(script, row, level, TD, NEW_TABLE);
            case "TDH.MEM.RD", "TDH.MEM.WR", "TDH.MR.EXTEND" -> leaf(script, row, 0, TD);
            default -> leaf(script, row, level, TD);
        }
    }

    private static void leaf(Script script, Row row, long... operands) {
        assertEquals(number(row.cell(6)), script.invoke(row.instruction(), operands), "rax");
        assertEquals(number(row.cell(10)), script.out("rcx"), "rcx");
        assertEquals(number(row.cell(11)), script.out("rdx"), "rdx");
    }

    private static void access(Script script, Row row, int access) {
        long outcome = script.invoke("GUEST.ACCESS", TD, 0, access);
        assertEquals(row.cell(7), List.of("OK", "VE", "TDEXIT").get((int) outcome));
        if (!row.cell(8).isEmpty()) {
            assertEquals(number(row.cell(8)), script.out("eeq_type"));
        }
    }

    private static void accept(Script script, Row row) {
        long rax = script.invoke("TDG.MEM.PAGE.ACCEPT", TD, row.level());
        boolean isExit = row.cell(7).equals("TD_EXIT_EPT_VIOLATION");
        assertEquals(isExit ? 1 : 0, script.out("exit"));
        if (isExit) {
            assertEquals(number(row.cell(8)), script.out("eeq_type"));
        } else {
            assertEquals(number(row.cell(6)), rax);
        }
    }

    private static void list(Script script, Row row) {
        script.memory().putLong(LIST, GpaList.answered(0, GpaList.MIGRATE, 0));
        assertEquals(number(row.cell(6)), script.invoke(row.instruction(), GpaList.operand(LIST, 0, 0), TD));
        assertEquals(number(row.cell(9)), GpaList.status(script.memory().getLong(LIST)));
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
