package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of arm64 pKVM.
class PkvmRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(List.of("pkvm-owner-check <= 4 ns", "pkvm-share <= 150 ns", "pkvm-donate <= 60 ns",
                "alloc-pkvm-share <= 0.1 B", "alloc-pkvm-donate <= 0.1 B"), Targets.of(PkvmRows::addTo));
    }
}
