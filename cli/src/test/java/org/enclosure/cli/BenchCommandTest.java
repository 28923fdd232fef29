package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.enclosure.bench.BenchReport;
import org.enclosure.bench.BenchRow;
import org.enclosure.bench.MachineReport;
import org.enclosure.bench.Target;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What `bench` refuses, and what it shows.
class BenchCommandTest {
    private static final BenchReport REPORT = new BenchReport(
            new MachineReport("a processor", 2, "a JVM", "asymmetric", 3, 1.5, 0.25),
            List.of(new BenchRow("load-1m", "guest load", "ns", 3.71, 4.04, 0.66, 0.1,
                    new Target(Target.Kind.AT_MOST, 5), true),
                    new BenchRow("first-touch-4k", "first touch", "ns", 250, 301.4, 140.0, 0.5,
                            new Target(Target.Kind.AT_MOST_ABOVE_FLOOR, 150), false),
                    new BenchRow("alloc", "bytes", "B", 0, 0, null, 0, null, null)));

    @Test
    void shouldListTheRowsWhenOneIsNotKnown() {
        CommandRun run = CommandRun.of("bench", "load-1m", "no-such-row");
        assertEquals(2, run.status());
        assertEquals("", run.out());
        assertTrue(run.err().contains("'no-such-row'") && run.err().contains("convert-1g-empty"), run.err());
    }

    @Test
    void shouldShowEachFigureBesideFloorAndTarget() {
        String text = BenchText.of(REPORT);
        assertTrue(text.contains("load 1.5 before, 0.3 after; the machine is busy"), text);
        assertTrue(text.matches("(?s).*load-1m +guest load +ns +3.71 +4.04 +0.66 +<= 5 +10 % +yes\n.*"), text);
        assertTrue(
                text.matches(
                        "(?s).*first-touch-4k +first touch +ns +250 +301 +140 +<= floor \\+ 150 +50 % noisy +NO\n.*"),
                text);
        assertTrue(text.matches("(?s).*alloc +bytes +B +0.00 +0.00 +- +- +0 % +-\n.*"), text);
        assertTrue(text.endsWith("1 of 2 targets met; figures are medians of 3 JVMs"), text);
    }

    @Test
    void shouldTellTheSameInJson() {
        JsonNode json = BenchJson.of(REPORT);
        assertEquals(2, json.get("targets").asInt());
        assertEquals(1, json.get("met").asInt());
        assertTrue(json.get("machine").get("busy").asBoolean());
        JsonNode row = json.get("rows").get(1);
        assertEquals("AT_MOST_ABOVE_FLOOR", row.get("target").get("kind").asString());
        assertEquals(301.4, row.get("allPlugins").asDouble());
        assertEquals(140, row.get("floor").asDouble());
        assertTrue(row.get("noisy").asBoolean());
        assertTrue(json.get("rows").get(2).get("floor").isNull() && json.get("rows").get(2).get("met").isNull());
    }
}
