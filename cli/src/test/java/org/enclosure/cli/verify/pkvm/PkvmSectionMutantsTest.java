package org.enclosure.cli.verify.pkvm;

import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.cli.verify.SectionMutants;
import org.enclosure.tck.mutant.Mutant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One mistake of EL2 for every section of the published file.
class PkvmSectionMutantsTest {
    private static final String MACHINE = "org.enclosure.pkvm.machine.";
    private static final SectionMutants MUTANTS = new SectionMutants("arm64-pkvm", "/vectors/arm64-pkvm.json",
            "org.enclosure.pkvm.", Map.of(
                    // A page that is pinned can be taken back.
                    "pkvm_ownership_selftest", Mutant.withoutCall(MACHINE + "HostCalls", "unshareHyp", "pins", 0),
                    // A guest learns the errno that EL2 keeps to itself.
                    "pkvm_guest_hvc", Mutant.constant(MACHINE + "Hypercalls", "finish", -3, 0, -1),
                    // A page that was taken by force keeps its bytes.
                    "pkvm_sequences", Mutant.withoutCall(MACHINE + "ProtectedGuestCalls", "forceLocked", "zero", 0)));

    @TestFactory
    Stream<DynamicTest> everySectionShouldFindItsMutant() {
        return MUTANTS.tests();
    }

    @TestFactory
    Stream<DynamicTest> noOtherSectionShouldFindIt() {
        return MUTANTS.onlyThere();
    }
}
