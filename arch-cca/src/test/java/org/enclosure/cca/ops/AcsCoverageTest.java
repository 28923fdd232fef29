package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Every case of the compliance suite for RMM 1.0 is a test here or is left out with a reason, and none is both.
class AcsCoverageTest {
    private static final int CASES = 462;
    private static final int COVERED = 455;

    @Test
    void shouldHaveEachCaseOnceAndGiveAReasonForTheRest() throws IOException {
        Set<String> cases = new HashSet<>();
        int covered = 0;
        for (String file : List.of("/acs-memory.csv", "/acs-realm.csv", "/acs-rec.csv", "/acs-rsi.csv")) {
            for (String line : lines(file)) {
                String[] columns = line.split(",", -1);
                cases.add(columns[0] + " " + columns[1] + " " + columns[2]);
                covered++;
            }
        }
        for (Class<?> scenarios : List.of(AcsPagesTest.class, AcsTablesTest.class, AcsExitsTest.class)) {
            for (Method method : scenarios.getDeclaredMethods()) {
                DisplayName name = method.getAnnotation(DisplayName.class);
                if (name != null) {
                    cases.add(name.value());
                    covered++;
                }
            }
        }
        assertEquals(COVERED, covered);
        assertEquals(covered, cases.size(), "distinct cases");
        for (String line : lines("/acs-left-out.csv")) {
            int comma = line.indexOf(',');
            cases.add(line.substring(0, comma));
            assertEquals(false, line.substring(comma + 1).isBlank(), line);
        }
        assertEquals(CASES, cases.size());
    }

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(AcsCoverageTest.class.getResourceAsStream(resource)), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).toList();
        }
    }
}
