package org.enclosure.tdx.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.tck.mutant.Killer;
import org.enclosure.tck.mutant.Mutant;
import org.enclosure.tck.mutant.MutantRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Mistakes that are put into the class files of the module, one at a time; each names the rule of [ModuleRules] that catches it.
class MutantsTest {
    private final Map<String, List<Mutant>> mutants = new LinkedHashMap<>();

    @TestFactory
    Stream<DynamicTest> everyMutantShouldBeCaught() {
        precedence();
        tracking();
        guest();
        pages();
        td();
        return mutants.entrySet().stream().flatMap(entry -> new MutantRun(
                Killer.ofMethod(ModuleRules.class, entry.getKey()), "org.enclosure.tdx.").tests(entry.getValue()));
    }

    private void precedence() {
        put("theStateOfAnEntryComesBeforeItsBlock", answering("HostLeaf", "isAllowedOn", 1));
        put("theBlockComesBeforeItsTracking", condition("LeafChecks", "tracked", 2));
        put("theBlockComesBeforeTheContentOfATable", withoutCall("TableLeaves", "removeLocked", "tracked", 0));
        put("theSourceComesBeforeThePage", answering("LeafChecks", "isSharedPage", 1));
        put("aLeafThatHoldsTheTdIgnoresEntryLocks", withoutCall("LeafChecks", "lockEntry", "isTdExclusive", 0));
    }

    private void tracking() {
        put("blockedAgainKeepsItsEpoch", withoutCall("RangeLeaves", "blockLocked", "isBlocked", 0));
        put("aBlockIsOfThePresentEpoch", withoutCall("RangeLeaves", "blockLocked", "epoch", 0));
        put("nothingIsTrackedInTheEpochOfItsBlock", constant("Epochs", "isTracked", 1, 0, 0));
        put("whoeverEnteredInTheEpochOfTheBlockHoldsThePage", withoutCall("Epochs", "isTracked", "count", 0),
                constant("Epochs", "one", 1, 1, 0), constant("Epochs", "count", 1, 0, 0));
        put("trackWaitsForTheEpochBeforeAndForNoOther", condition("Epochs", "track", 1),
                constant("Epochs", "track", 1, 0, 0));
        put("unblockNeedsTracking", withoutCall("RangeLeaves", "unblockLocked", "tracked", 0));
    }

    private void guest() {
        put("acceptBelowALargerPendingPageLeavesForTheHost", condition("GuestLeaves", "walked", 1));
        put("acceptZeroes", withoutCall("GuestLeaves", "take", "zero", 0));
        put("acceptGoesOnWhereItWas", withoutCall("GuestLeaves", "take", "acceptCounter", 0));
        put("anExportedPageIsDirtyOnceAccepted", condition("GuestLeaves", "take", 2));
        put("theHostComesFirst", condition("Sept", "lockForGuest", 1));
        put("thereIsNoVirtualizationExceptionWhereItIsSwitchedOff", answering("TdControl", "isVeDisabled", 0));
        put("aSharedAddressIsNoOperand", Mutant.answering("org.enclosure.tdx.wire.PageInfo", "isPrivate", 1));
    }

    private void pages() {
        put("aRemovedPageIsNobodys", withoutCall("PageLeaves", "removeLocked", "free", 0),
                withoutCall("PageLeaves", "removeLocked", "add", 0), withoutCall("Pamt", "free", "owner", 0));
        put("aLargePageTakesAllBelowIt", answering("Pamt", "areChildrenFree", 1));
        put("aPageIsNotRelocatedToItself", condition("PageLeaves", "relocateLocked", 1));
        put("onlyAlikePagesArePromoted", answering("SizeLeaves", "lockChildren", 0),
                withoutCall("SizeLeaves", "lockChildren", "unlockChildren", 1));
        put("aLockedChildIsBusyAndRemembersTheHost", condition("SizeLeaves", "lockChildren", 1));
        put("aDemotedPageHasSmallOwners", withoutCall("SizeLeaves", "demoteLocked", "free", 0),
                withoutCall("SizeLeaves", "demoteLocked", "assign", 0));
        put("aTableThatHoldsAPageStays", answering("Sept", "isFree", 1));
        put("onlyDebugTdsAreRead", condition("DataLeaves", "readLocked", 1));
    }

    private void td() {
        put("aTdWithoutItsKeyIsNotServed", condition("LeafChecks", "keyed", 2));
        put("aTdWithoutVcpusIsNotFinal", condition("DataLeaves", "finalizeLocked", 1));
        put("pagesAreReclaimedInTeardownOnly", condition("PhysicalLeaves", "reclaimLocked", 4));
        put("keysAreFreeAfterTheCachesWereWrittenBack", answering("KeyTable", "isDirty", 0));
        put("whatIsAddedIsMeasured", withoutCall("PageLeaves", "addLocked", "add", 0),
                withoutCall("DataLeaves", "extendLocked", "extend", 0));
        put("aPageIsExportedWhenNobodyWritesItAnyMore", answering("Epochs", "isTracked", 1));
    }

    private void put(String rule, Mutant... list) {
        mutants.put(rule, List.of(list));
    }

    private static Mutant condition(String type, String method, int number) {
        return Mutant.condition("org.enclosure.tdx.machine." + type, method, number);
    }

    private static Mutant withoutCall(String type, String method, String called, int number) {
        return Mutant.withoutCall("org.enclosure.tdx.machine." + type, method, called, number);
    }

    private static Mutant constant(String type, String method, long value, int number, long instead) {
        return Mutant.constant("org.enclosure.tdx.machine." + type, method, value, number, instead);
    }

    private static Mutant answering(String type, String method, long value) {
        return Mutant.answering("org.enclosure.tdx.machine." + type, method, value);
    }
}
