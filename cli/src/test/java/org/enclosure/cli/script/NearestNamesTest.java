package org.enclosure.cli.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void shouldListTheNearestFirst() {
        List<String> names = List.of("PAGE.REMOVE", "PAGE.ADD", "PAGE.AUG", "MEM.TRACK");
        assertEquals(List.of("PAGE.ADD", "PAGE.AUG", "PAGE.REMOVE"), NearestNames.of("page.add", names, 3));
        assertEquals(List.of("MEM.TRACK"), NearestNames.of("TRACK", names, 1));
        assertEquals(List.of(), NearestNames.of("X", List.of(), 3));
    }

    @Test
    void shouldCountEdits() {
        assertEquals(3, NearestNames.distance("KITTEN", "SITTING"));
        assertEquals(4, NearestNames.distance("", "ABCD"));
        assertEquals(4, NearestNames.distance("ABCD", ""));
        assertEquals(0, NearestNames.distance("SAME", "SAME"));
    }
}
