package org.enclosure.tck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import org.enclosure.tck.mutant.Outcome.Verdict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Mutants are made, run and judged.
class MutantRunTest {
    private static final String OWN = "org.enclosure.tck.mutant.Counter";
    private static final MutantRun BY_METHOD = new MutantRun(Killer.ofMethod(CounterChecks.class, "countToNine"), OWN);
    private static final MutantRun BY_TEST = new MutantRun(Killer.ofTest(CounterChecks.class), OWN);

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtByAMethod() {
        return BY_METHOD.tests(List.of(Mutant.condition(OWN, "add", 0), Mutant.withoutCall(OWN, "addIfOpen", "add", 0),
                Mutant.constant(OWN, "add", 3, 0, 4), Mutant.constant(OWN, "add", 9, 0, 10),
                Mutant.answering(OWN, "isFull", 0), Mutant.answering(OWN, "count", 3)));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtByAJUnitClass() {
        return BY_TEST
                .tests(List.of(Mutant.withoutCall(OWN, "addIfOpen", "requireOpen", 0),
                        Mutant.condition(OWN, "add", 0)));
    }

    @Test
    void shouldSayThatAMutantHasSurvived() {
        assertEquals(Verdict.PASSED, BY_METHOD.run(Mutant.withoutCall(OWN, "addIfOpen", "requireOpen", 0)).verdict());
    }

    @Test
    void shouldTellABreakdownFromACatch() {
        Outcome outcome = BY_METHOD.run(Mutant.condition(OWN, "requireOpen", 0));
        assertEquals("BROKE_DOWN: java.lang.IllegalStateException: closed", outcome.toString());
    }

    @Test
    void shouldCallAKillerWithoutTestsBroken() {
        assertEquals(Verdict.BROKE_DOWN,
                new MutantRun(Killer.ofTest(CounterChecks.Empty.class), OWN).runUnchanged().verdict());
    }

    @Test
    void shouldNotTakeAMutantThatDoesNotApplyForACatch() {
        for (Mutant mutant : List.of(Mutant.condition(OWN, "add", 1), Mutant.condition(OWN, "missing", 0),
                Mutant.withoutCall(OWN, "addIfOpen", "add", 1), Mutant.constant(OWN, "add", 5, 0, 6),
                Mutant.answering(OWN, "missing", 0))) {
            AssertionError refused = assertThrows(AssertionError.class, () -> BY_METHOD.run(mutant));
            assertTrue(String.valueOf(refused.getMessage()).contains("does not apply any more"), refused::toString);
        }
    }

    @Test
    void shouldRefuseAMutantOfAClassThatIsNotLoadedAnew() {
        assertThrows(IllegalArgumentException.class,
                () -> BY_METHOD.run(Mutant.condition("org.enclosure.core.fault.FaultCore", "install", 0)));
    }
}
