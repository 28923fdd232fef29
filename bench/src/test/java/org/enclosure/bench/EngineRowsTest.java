package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of the engine.
class EngineRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(List.of("load-1m <= 5 ns", "fault-resident <= 120 ns", "first-touch-4k <= floor + 150 ns",
                "two-vcpus >= 1.7 times", "convert-1g-empty <= 15 us", "convert-1g-4k <= 10 ns",
                "convert-1g-2m <= 1 us", "convert-page <= 2 us",
                "convert-page-busy <= 20 us", "convert-page-busy-symmetric <= 2 us", "create-vm <= 50 ms",
                "create-vm-memory <= 32 MiB", "alloc-load <= 0.1 B", "alloc-fault <= 0.1 B", "alloc-convert <= 0.1 B"),
                Targets.of(EngineRows::addTo));
    }
}
