package org.enclosure.modelcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The invalidate protocol (docs/translation.md) as a TLA+ model with two vCPUs, two pages and a change of a page's kind or
/// frame or of the slot; the orders that must not be taken are shown to be wrong.
class InvalidateModelTest {
    private static final String MODEL = "Invalidate";
    private static final long FEWEST_STATES = 2_500_000;

    @TempDir Path folder = Path.of("");

    @Test
    void shouldKeepLeavesAndAccessesTrueInEveryReachableState() throws Exception {
        Tlc run = Tlc.check(MODEL, Tlc.configuration(MODEL), folder);
        System.out.println(run.output());
        assertEquals(Tlc.GOOD, run.status(), run::output);
        assertTrue(run.states() >= FEWEST_STATES,
                () -> "only " + run.states() + " states: the model has lost something");
    }

    @Test
    @EnabledIfSystemProperty(named = "enclosure.modelcheck.all", matches = "true", disabledReason = "takes a quarter of an hour; -Denclosure.modelcheck.all=true runs it")
    void shouldStayTrueOverTwoChanges() throws Exception {
        Tlc run = Tlc.check(MODEL, Tlc.configuration(MODEL).replace("Changes = 1", "Changes = 2"), folder);
        System.out.println(run.output());
        assertEquals(Tlc.GOOD, run.status(), run::output);
    }

    @Test
    void shouldEndEveryChangeThatWasBegun() throws Exception {
        Tlc run = Tlc.check(MODEL, Tlc.configuration("Progress"), folder);
        System.out.println(run.output());
        assertEquals(Tlc.GOOD, run.status(), run::output);
    }

    @ParameterizedTest
    @CsvSource({"no recheck, LeavesAreTrue", "recheck after map, LeavesAreTrue",
            "sequence before count at the recheck, LeavesAreTrue", "attribute before the snapshot, LeavesAreTrue",
            "count before sequence at the end, LeavesAreTrue", "no drain, LeavesAreTrue",
            "no fault mark, LeavesAreTrue", "no generation, AccessesAreTrue", "no wait for accesses, AccessesAreTrue",
            "catch up after the walk, AccessesAreTrue"})
    void shouldFindTheWrongOrder(String wrong, String invariant) throws Exception {
        Tlc run = Tlc.check(MODEL, wrongConfiguration(wrong), folder);
        System.out.println(run.output());
        assertEquals(Tlc.INVARIANT_VIOLATED, run.status(), run::output);
        assertEquals(invariant, run.violated());
    }

    private static String wrongConfiguration(String wrong) throws IOException {
        String right = Tlc.configuration(MODEL);
        String changed = right.replace("Wrong = \"none\"", "Wrong = \"" + wrong + "\"");
        assertTrue(!changed.equals(right), "the configuration names no wrong order to replace");
        return changed;
    }
}
