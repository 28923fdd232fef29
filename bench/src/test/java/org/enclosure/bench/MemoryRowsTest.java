package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of memory.
class MemoryRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(List.of("metadata-1g-empty <= 64 KiB", "metadata-1g-4k <= 1 MiB", "metadata-1g-2m <= 64 KiB",
                "storm <= 10 %", "trim <= 400 ns"), Targets.of(MemoryRows::addTo));
    }
}
