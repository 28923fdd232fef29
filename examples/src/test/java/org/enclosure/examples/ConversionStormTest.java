package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionStormTest {
    private static final long SEED = Long.getLong("enclosure.test.seed", 20_260_102);
    private static final int VCPUS = 3;
    private static final int ROUNDS = 1000;

    @ParameterizedTest
    @CsvSource({"software, software-protected, in-place", "software, software-protected, split",
            "test, core-owned, in-place",
            "test, core-owned, split", "test, backend-owned, in-place", "test, backend-owned, split",
            "test, backend-both, in-place",
            "test, backend-both, split"})
    void shouldKeepWhatEachVcpuWroteWhileItsNeighboursConvert(String architecture, String vmType, String backing) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            ConversionStorm.Report report = new ConversionStorm(system, VCPUS, ROUNDS, SEED).run(architecture, vmType,
                    PolicySet.defaults().with("backing=" + backing));

            assertEquals(List.of(), report.failures(), "seed " + SEED);
            assertEquals(VCPUS * ROUNDS, report.stats().conversions().explicit());
            assertEquals(0, report.stats().conversions().implicit());
        }
    }
}
