package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/// What was promised of x86-snp.
class SnpRowsTest {
    @Test
    void shouldHoldTheTargets() {
        assertEquals(
                List.of("snp-check <= 4 ns", "snp-assign <= 30 ns", "snp-pvalidate-2m <= 200 ns", "snp-psc <= 80 ns",
                        "snp-digest-4m <= floor * 1.2 ms", "alloc-snp-check <= 0.1 B", "alloc-snp-assign <= 0.1 B",
                        "alloc-snp-psc <= 0.1 B"),
                Targets.of(SnpRows::addTo));
    }
}
