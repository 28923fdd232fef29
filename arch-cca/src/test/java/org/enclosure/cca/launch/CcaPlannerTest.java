package org.enclosure.cca.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchVariation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a launch consists of, what its measurement depends on, and what is tried to explain another.
class CcaPlannerTest {
    private static final MemorySegment IMAGE = MemorySegment.ofArray(new byte[8192]);
    private static final Map<String, String> OPTIONS = Map.of("gpa", "0x200000", "s2sz", "36", "vcpus", "2");

    private static String measure(Map<String, String> options) {
        return CcaPlanner.INSTANCE.measure(CcaPlanner.INSTANCE.plan(IMAGE, options), IMAGE, options).digest();
    }

    @Test
    void shouldMakeAllOfTheProtectedHalfRamAndAddPagesAndRecs() {
        List<LaunchItem> items = CcaPlanner.INSTANCE.plan(IMAGE, OPTIONS);
        assertEquals(List.of(CcaPlanner.TYPE_RIPAS, CcaPlanner.TYPE_DATA, CcaPlanner.TYPE_DATA, CcaPlanner.TYPE_REC,
                CcaPlanner.TYPE_REC), items.stream().map(LaunchItem::type).toList());
        assertEquals(1L << 35 - 12, items.getFirst().npages());
        assertEquals(0x200, items.get(1).gfn());
    }

    @Test
    void shouldFindEveryInputByItsVariationAlone() {
        Set<String> digests = new HashSet<>();
        digests.add(measure(OPTIONS));
        int measured = 1;
        for (LaunchVariation variation : CcaPlanner.INSTANCE.variations(OPTIONS)) {
            digests.add(measure(variation.options()));
            measured++;
        }
        assertTrue(measured > 30, "only " + measured);
        assertEquals(measured, digests.size(), "two inputs have one digest");
    }

    @Test
    void shouldTryTheNumberOfVcpusFirstAndTheAlgorithmLast() {
        List<LaunchVariation> tried = CcaPlanner.INSTANCE.variations(OPTIONS);
        assertEquals("vcpus is 1 instead of 2", tried.getFirst().change());
        assertEquals("hash is sha-512", tried.getLast().change());
        assertEquals(128, measure(tried.getLast().options()).length());
    }

    @Test
    void shouldDependOnTheDepthOfTables() {
        assertNotEquals(measure(Map.of("gpa", "0x200000", "s2sz", "40", "start-level", "0")),
                measure(Map.of("gpa", "0x200000", "s2sz", "40", "start-level", "1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "gpa|0x1|option gpa=0x1 is not legal; legal: a multiple of 4096 below 0x800000000000",
            "gpa|0x7ffffffff000|cannot be loaded at gpa=0x7ffffffff000", "gpa|-4096|option gpa=-4096 is not legal",
            "vcpus|0|option vcpus=0 is not legal; legal: 1 to 512",
            "start-level|3|option start-level=3 does not fit s2sz=48",
            "colour|red|option colour of a realm's launch is not known"})
    void shouldSayWhichOptionIsWrong(String name, String value, String said) {
        Map<String, String> options = name.equals("gpa") ? Map.of(name, value) : Map.of("gpa", "0", name, value);
        String message = assertThrows(IllegalArgumentException.class,
                () -> CcaPlanner.INSTANCE.plan(IMAGE, options)).getMessage();
        assertTrue(message != null && message.contains(said), message);
    }
}
