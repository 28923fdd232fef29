package org.enclosure.cli.verify.snp;

import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.cli.verify.SectionMutants;
import org.enclosure.tck.mutant.Mutant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One mistake of the plugin for every section of the published file. Sections of launches share the code that they test, so that some
/// mistakes are found by several.
class SnpSectionMutantsTest {
    private static final String LAUNCH = "org.enclosure.snp.launch.";
    private static final SectionMutants MUTANTS = new SectionMutants("x86-snp", "/vectors/x86-snp.json",
            "org.enclosure.snp.", Map.ofEntries(
                    // The permissions of the levels are measured in the wrong order.
                    Map.entry("launch_chains", Mutant.constant(LAUNCH + "PageInfo", "describe", 8, 0, 0)),
                    // The digest so far is not part of the next.
                    Map.entry("upstream_tests", Mutant.withoutCall(LAUNCH + "LaunchDigest", "chain", "digest", 1)),
                    // A page's bytes are not measured.
                    Map.entry("upstream_other", Mutant.answering(LAUNCH + "PageType", "isContentMeasured", 0)),
                    // A vCPU's page is measured from its middle on.
                    Map.entry("upstream_ec2_disagreement",
                            Mutant.withoutCall(LAUNCH + "LaunchDigest", "hash", "update", 0)),
                    // The vector unit is not as after reset.
                    Map.entry("vmsa", Mutant.constant(LAUNCH + "Vmsa", "ofFirmware", 0x1f80, 0, 0)),
                    // The table says that it is shorter.
                    Map.entry("sev_hashes", Mutant.constant(LAUNCH + "HashTable", "ofHashes", 168, 0, 160)),
                    Map.entry("firmware_images", Mutant.answering(LAUNCH + "Firmware", "resetEip", 0)),
                    // No vCPU is measured.
                    Map.entry("end_to_end", Mutant.withoutCall(LAUNCH + "Measurement", "vcpus", "vcpu", 0)),
                    Map.entry("codecs", Mutant.answering("org.enclosure.snp.wire.GhcbMsr", "min", 0)),
                    // Entries that were half done are joined, others are not.
                    Map.entry("psc", Mutant.condition("org.enclosure.snp.host.PscRun", "gather", 0)),
                    // The guest does not see reserved bits.
                    Map.entry("guest_psc_response_checks",
                            Mutant.answering("org.enclosure.snp.wire.PscEntry", "headerReserved", 0)),
                    // Nobody looks whose a page is.
                    Map.entry("rmp_scenarios",
                            Mutant.answering("org.enclosure.snp.machine.AccessCheck", "mismatch", 0))));

    @TestFactory
    Stream<DynamicTest> everySectionShouldFindItsMutant() {
        return MUTANTS.tests();
    }
}
