package org.enclosure.cli.verify.tdx;

import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.cli.verify.SectionMutants;
import org.enclosure.tck.mutant.Mutant;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One mistake of the plugin for every section of the published file.
class TdxSectionMutantsTest {
    private static final String TDX = "org.enclosure.tdx.";
    private static final SectionMutants MUTANTS = new SectionMutants("x86-tdx", "/vectors/x86-tdx.json", TDX, Map.of(
            // Nothing of a page is measured.
            "mrtd", Mutant.withoutCall(TDX + "ops.CodecLines", "extendPage", "extend", 0),
            // That a page is added is not.
            "tdvf_images", Mutant.withoutCall(TDX + "launch.TdxPlanner", "measure", "add", 0),
            // Any 512 pages become one.
            "sequences", Mutant.answering(TDX + "machine.SizeLeaves", "lockChildren", 0),
            // Blocked again is blocked anew.
            "fuzz_sequences", Mutant.withoutCall(TDX + "machine.RangeLeaves", "blockLocked", "isBlocked", 0),
            // The class of a status word lies a bit lower.
            "status_decode", Mutant.constant(TDX + "wire.TdxStatus", "classOf", 40, 0, 39),
            // No size is aligned.
            "mapgpa_host", Mutant.withoutCall(TDX + "host.MapGpa", "start", "isPageAligned", 1),
            // The guest gives up after two tries.
            "mapgpa_guest_loop", Mutant.constant(TDX + "guest.TdxGuestDriver", "map", 3, 0, 2),
            // The guest does not try 1G.
            "accept_guest_loop", Mutant.constant(TDX + "guest.TdxGuestDriver", "accept", 2, 0, 1)));

    @TestFactory
    Stream<DynamicTest> everySectionShouldFindItsMutant() {
        return MUTANTS.tests();
    }
}
