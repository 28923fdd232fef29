package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of Intel TDX.
class TdxRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(List.of("tdx-sept-check <= 6 ns", "tdx-aug-accept <= floor + 400 ns", "tdx-remove-2m <= 3 us",
                "tdx-remove-512 <= 1536 us", "alloc-tdx-check <= 0.1 B", "alloc-tdx-accept <= 0.1 B",
                "alloc-tdx-remove <= 0.1 B"), Targets.of(TdxRows::addTo));
    }
}
