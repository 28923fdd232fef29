package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of Arm CCA.
class CcaRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(List.of("cca-gpt-check <= 4 ns", "cca-map <= floor + 250 ns", "cca-ripas-1g <= 60 us",
                "alloc-cca-check <= 0.1 B", "alloc-cca-map <= 0.1 B"), Targets.of(CcaRows::addTo));
    }
}
