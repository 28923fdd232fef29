package org.enclosure.snp.transitions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every row of the table: from each state that it means, the operation answers what the row says, and leaves the page in the state
/// that the row says.
class RmpTransitionsTest {
    private static final int ROWS = 138;

    @TestFactory
    Stream<DynamicTest> everyTransitionShouldAnswerAndChangeAsTheTableSays() {
        Map<Integer, Rule> rules = rules();
        return Row.all().stream().map(row -> DynamicTest.dynamicTest(row.title(), () -> run(row, rules)));
    }

    @Test
    void everyRowShouldHaveARule() {
        List<Row> rows = Row.all();
        assertEquals(ROWS, rows.size());
        Map<Integer, Rule> rules = rules();
        assertEquals(ROWS, rules.size());
        for (Row row : rows) {
            assertEquals(row.instruction(), rule(row, rules).instruction, row.title());
        }
    }

    /// One row; a killer of the plugin's mutants.
    static void runRow(int number) {
        run(Row.all().get(number - Row.FIRST), rules());
    }

    private static void run(Row row, Map<Integer, Rule> rules) {
        rule(row, rules).run(row);
    }

    private static Rule rule(Row row, Map<Integer, Rule> rules) {
        return Objects.requireNonNull(rules.get(row.number()), row.title());
    }

    private static Map<Integer, Rule> rules() {
        Map<Integer, Rule> rules = new HashMap<>();
        HostRules.addTo(rules);
        GuestRules.addTo(rules);
        AccessRules.addTo(rules);
        FirmwareRules.addTo(rules);
        LaunchRules.addTo(rules);
        KvmRules.addTo(rules);
        return rules;
    }
}
