package org.enclosure.pkvm.machine;

import java.util.List;
import java.util.stream.Stream;

import org.enclosure.tck.mutant.Killer;
import org.enclosure.tck.mutant.Mutant;
import org.enclosure.tck.mutant.MutantRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Mistakes that are put into the class files of EL2, one at a time: each is caught by an assertion of [TransitionsTest]. A mutant
/// that no longer applies fails, too.
class MutantsTest {
    private static final List<Mutant> MUTANTS = List.of(
            withoutCall("ProtectedGuestCalls", "reclaimLocked", "zero", 0),
            withoutCall("ProtectedGuestCalls", "reclaimLocked", "set", 0),
            withoutCall("ProtectedGuestCalls", "forceLocked", "zero", 0),
            withoutCall("ProtectedGuestCalls", "forceLocked", "set", 0),
            withoutCall("ProtectedGuestCalls", "forceLocked", "giveToHost", 0),
            withoutCall("ProtectedGuestCalls", "giveToGuest", "annotate", 0),
            withoutCall("ProtectedGuestCalls", "giveToGuest", "set", 0),
            withoutCall("ProtectedGuestCalls", "donateLocked", "set", 0),
            withoutCall("GuestCalls", "relinquishLocked", "zero", 0),
            withoutCall("GuestCalls", "relinquishLocked", "set", 0),
            withoutCall("GuestCalls", "turnLocked", "map", 0),
            withoutCall("GuestCalls", "turnLocked", "set", 0),
            withoutCall("HostCalls", "donateLocked", "annotate", 0),
            withoutCall("HostCalls", "returnLocked", "map", 0),
            withoutCall("HostCalls", "shareHyp", "set", 0),
            withoutCall("SharedGuestCalls", "unshareLocked", "dropShare", 0),
            condition("HostCalls", "unshareHyp", 1), condition("HostCalls", "donateLocked", 0),
            condition("HostCalls", "hostOnly", 0), condition("ProtectedGuestCalls", "checkVm", 4),
            condition("ProtectedGuestCalls", "forceLocked", 1), condition("GuestCalls", "checkLeaf", 1),
            condition("SharedGuestCalls", "dropShare", 0));

    @TestFactory
    Stream<DynamicTest> everyMutantShouldBeCaught() {
        return new MutantRun(Killer.ofMethod(TransitionsTest.class, "runAll"), "org.enclosure.pkvm.").tests(MUTANTS);
    }

    private static Mutant withoutCall(String type, String method, String called, int number) {
        return Mutant.withoutCall("org.enclosure.pkvm.machine." + type, method, called, number);
    }

    private static Mutant condition(String type, String method, int number) {
        return Mutant.condition("org.enclosure.pkvm.machine." + type, method, number);
    }
}
