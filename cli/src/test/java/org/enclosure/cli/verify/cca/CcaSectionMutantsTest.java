package org.enclosure.cli.verify.cca;

import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.cli.verify.SectionMutants;
import org.enclosure.tck.mutant.Mutant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One mistake of the RMM for every section of the published file.
class CcaSectionMutantsTest {
    private static final String CCA = "org.enclosure.cca.";
    private static final SectionMutants MUTANTS = new SectionMutants("cca", "/vectors/cca.json", CCA, Map.of(
            // The registers of a REC are not measured.
            "rim", Mutant.withoutCall(CCA + "machine.Rim", "rec", "putLong", 2),
            // The host completes the power call of a REC that has none pending.
            "cca_scenarios", Mutant.condition(CCA + "machine.PsciCommands", "complete", 4),
            // A realm does not learn that the access which was aborted is a store.
            "cca_fuzz", Mutant.constant(CCA + "wire.Esr", "externalDataAbort", 64, 0, 0)));

    @TestFactory
    Stream<DynamicTest> everySectionShouldFindItsMutant() {
        return MUTANTS.tests();
    }

    @TestFactory
    Stream<DynamicTest> noOtherSectionShouldFindIt() {
        return MUTANTS.onlyThere();
    }
}
