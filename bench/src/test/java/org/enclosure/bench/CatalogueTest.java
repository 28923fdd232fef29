package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;

/// The rows that were promised are there.
class CatalogueTest {
    @Test
    void shouldNameEachRowOnce() {
        List<String> names = BenchSuite.names();
        assertEquals(names.size(), new HashSet<>(names).size(), names.toString());
        names.forEach(name -> assertTrue(name.matches("[a-z0-9-]+"), name));
    }

    @Test
    void shouldHaveAFloorUnlessItCountsBytes() {
        for (Row row : Catalogue.rows()) {
            assertEquals(row.unit().endsWith("B"), row.floor() == null, row.name());
        }
    }

    @Test
    void shouldCompareByKind() {
        assertEquals(true, new Target(Target.Kind.AT_MOST, 5).isMet(5, null));
        assertEquals(false, new Target(Target.Kind.AT_MOST, 5).isMet(5.1, 9.0));
        assertEquals(true, new Target(Target.Kind.AT_MOST_ABOVE_FLOOR, 150).isMet(249, 100.0));
        assertEquals(false, new Target(Target.Kind.AT_MOST_ABOVE_FLOOR, 150).isMet(251, 100.0));
        assertEquals(true, new Target(Target.Kind.AT_MOST_TIMES_FLOOR, 1.2).isMet(119, 100.0));
        assertEquals(false, new Target(Target.Kind.AT_MOST_TIMES_FLOOR, 1.2).isMet(121, 100.0));
        assertEquals(true, new Target(Target.Kind.AT_LEAST, 1.7).isMet(1.8, null));
        assertEquals(false, new Target(Target.Kind.AT_LEAST, 1.7).isMet(1.6, null));
    }

    @Test
    void shouldTakeTheMedianOfTheForks() {
        assertEquals(3, Statistics.median(new double[] {9, 1, 3}));
        assertEquals(2, Statistics.median(new double[] {1, 3}));
        assertEquals(8.0 / 3, Statistics.spread(new double[] {9, 1, 3}), 1e-9);
        assertEquals(0, Statistics.spread(new double[] {0, 0, 0}));
        assertFalse(new BenchRow("a", "b", "ns", 1, 1, null, 0.1, null, null).isNoisy());
        assertTrue(new BenchRow("a", "b", "ns", 1, 1, null, 0.5, null, null).isNoisy());
    }
}
