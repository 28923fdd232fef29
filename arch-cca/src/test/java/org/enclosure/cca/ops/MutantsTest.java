package org.enclosure.cca.ops;

import java.util.stream.Stream;

import org.enclosure.tck.mutant.Killer;
import org.enclosure.tck.mutant.Mutant;
import org.enclosure.tck.mutant.MutantRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Mistakes that are put into the class files of the machine, one at a time: each is caught by an assertion of the test that its
/// factory names. A mutant that no longer applies fails, too.
class MutantsTest {
    private static final String MACHINE = "org.enclosure.cca.machine.";
    private static final String WIRE = "org.enclosure.cca.wire.";

    @TestFactory
    Stream<DynamicTest> realmsAndRecsShouldBeCreatedByTheRules() {
        return caughtBy(AcsRealmTest.class, condition("RealmCommands", "create", 6),
                condition("RealmCommands", "areFeatures", 3), condition("RealmCommands", "takeGranules", 4),
                condition("RecCommands", "areFree", 0));
    }

    @TestFactory
    Stream<DynamicTest> recsShouldBeEnteredAndPowerCallsCompletedByTheRules() {
        return caughtBy(AcsRecTest.class, condition("RecEntry", "check", 1), condition("RecEntry", "check", 3),
                condition("RecEntry", "check", 7), condition("RecEntry", "isGicLegal", 2),
                condition("PsciCommands", "complete", 4), condition("PsciCommands", "complete", 8));
    }

    @TestFactory
    Stream<DynamicTest> powerCallsShouldEndAsTheHostAndTheTargetSay() {
        return caughtBy(PowerCallsTest.class, condition("PsciCommands", "complete", 10),
                condition("PsciCommands", "complete", 12), withoutCall("Exits", "note", "zero", 0),
                withoutCall("PsciCommands", "switchOn", "putLong", 2));
    }

    @TestFactory
    Stream<DynamicTest> callsOfRealmsShouldBeJudged() {
        return caughtBy(AcsRsiTest.class, condition("RsiCommands", "hostCall", 0),
                condition("RsiCommands", "extendMeasurement", 0), condition("RsiCommands", "readMeasurement", 1),
                condition("RsiCommands", "setState", 0), Mutant.answering(MACHINE + "Rd", "isProtectedRange", 1));
    }

    @TestFactory
    Stream<DynamicTest> tablesShouldFoldAndUnfold() {
        return caughtBy(AcsTablesTest.class, condition("RttCommands", "foldable", 8),
                withoutCall("RttCommands", "replace", "refer", 0), withoutCall("RttCommands", "fill", "putLong", 0),
                condition("StartLevel", "tables", 0));
    }

    @TestFactory
    Stream<DynamicTest> accessesShouldReachWhatTheStateSays() {
        return caughtBy(AcsPagesTest.class, condition("Translation", "judge", 2),
                condition("Translation", "find", 1), condition("RealmCpu", "access", 1),
                condition("DataCommands", "destroy", 6), withoutCall("RipasCommands", "set", "putLong", 0),
                Mutant.answering(MACHINE + "HostMemory", "isAccessible", 1),
                Mutant.answering(WIRE + "RttEntry", "ripas", 1));
    }

    @TestFactory
    Stream<DynamicTest> exitsShouldTellTheHostWhatItMayKnow() {
        return caughtBy(AcsExitsTest.class, withoutCall("RsiCommands", "hostCallReturns", "putLong", 0),
                withoutCall("Exits", "unprotectedAbort", "putLong", 1),
                withoutCall("Measurements", "extend", "write", 0));
    }

    private static Stream<DynamicTest> caughtBy(Class<?> killer, Mutant... mutants) {
        return new MutantRun(Killer.ofTest(killer), "org.enclosure.cca.").tests(java.util.List.of(mutants));
    }

    private static Mutant condition(String type, String method, int number) {
        return Mutant.condition(MACHINE + type, method, number);
    }

    private static Mutant withoutCall(String type, String method, String called, int number) {
        return Mutant.withoutCall(MACHINE + type, method, called, number);
    }
}
