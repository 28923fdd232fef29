package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// Rules of the module, a method each: what [ModuleRulesTest] runs, and what [MutantsTest] runs on mistakes.
final class ModuleRules {
    private static final long TD = Stage.TD;
    private static final int WRITE = 2;

    private ModuleRules() {
    }

    private static Stage running(int level, SeptState state) {
        return new Stage(Attributes.DEBUG, level, state, true).in(OpState.RUNNABLE);
    }

    private static long rcx(long status) {
        return TdxStatus.of(status, OperandId.RCX);
    }

    // ---- precedence -----------------------------------------------------------------------------------------------------

    static void theStateOfAnEntryComesBeforeItsBlock() {
        try (Stage stage = running(0, SeptState.EXPORTED_DIRTY)) {
            assertEquals(rcx(TdxStatus.EPT_ENTRY_STATE_INCORRECT), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }

    static void theBlockComesBeforeItsTracking() {
        try (Stage stage = new Stage(0, 0, SeptState.MAPPED, false).in(OpState.RUNNABLE)) {
            assertEquals(rcx(TdxStatus.GPA_RANGE_NOT_BLOCKED), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }

    static void theBlockComesBeforeTheContentOfATable() {
        try (Stage stage = running(1, SeptState.NL_MAPPED)) {
            stage.populate(SeptState.PENDING, 1);
            assertEquals(rcx(TdxStatus.GPA_RANGE_NOT_BLOCKED), stage.invoke("TDH.MEM.SEPT.REMOVE", 1, TD));
        }
    }

    static void theSourceComesBeforeThePage() {
        try (Stage stage = new Stage(0, 0, SeptState.FREE, true)) {
            assertEquals(TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R9),
                    stage.invoke("TDH.MEM.PAGE.ADD", 0, TD, 8, 8));
        }
    }

    static void aLeafThatHoldsTheTdIgnoresEntryLocks() {
        try (Stage stage = new Stage(0, 0, SeptState.FREE, true)) {
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 1);
            assertEquals(0, stage.invoke("TDH.MEM.PAGE.ADD", 0, TD, stage.page(), Script.SOURCE));
            assertEquals(SeptEntry.of(SeptState.MAPPED, stage.page()), stage.raw());
        }
    }

    // ---- blocking and tracking ------------------------------------------------------------------------------------------

    static void blockedAgainKeepsItsEpoch() {
        try (Stage stage = running(0, SeptState.BLOCKED)) {
            long epoch = stage.blockEpoch();
            stage.invoke("TDH.MEM.RANGE.BLOCK", 0, TD);
            assertEquals(epoch, stage.blockEpoch());
        }
    }

    static void aBlockIsOfThePresentEpoch() {
        try (Stage stage = running(0, SeptState.MAPPED)) {
            stage.invoke("TDH.MEM.TRACK", TD);
            stage.invoke("TDH.MEM.RANGE.BLOCK", 0, TD);
            assertEquals(3, stage.blockEpoch());
        }
    }

    static void nothingIsTrackedInTheEpochOfItsBlock() {
        try (Stage stage = new Stage(0, 0, SeptState.BLOCKED, false).in(OpState.RUNNABLE)) {
            assertEquals(rcx(TdxStatus.TLB_TRACKING_NOT_DONE), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }

    static void whoeverEnteredInTheEpochOfTheBlockHoldsThePage() {
        try (Stage stage = new Stage(0, 0, SeptState.BLOCKED, false).in(OpState.RUNNABLE)) {
            stage.invoke("VCPU.ENTER", TD, 0);
            stage.invoke("TDH.MEM.TRACK", TD);
            stage.invoke("VCPU.ENTER", TD, 1);
            assertEquals(rcx(TdxStatus.TLB_TRACKING_NOT_DONE), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
            stage.invoke("VCPU.EXIT", TD, 0);
            assertEquals(0, stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }

    static void trackWaitsForTheEpochBeforeAndForNoOther() {
        try (Stage stage = running(0, SeptState.FREE)) {
            stage.invoke("VCPU.ENTER", TD, 0);
            assertEquals(0, stage.invoke("TDH.MEM.TRACK", TD));
            assertEquals(TdxStatus.PREVIOUS_TLB_EPOCH_BUSY, stage.invoke("TDH.MEM.TRACK", TD));
        }
    }

    static void unblockNeedsTracking() {
        try (Stage stage = new Stage(0, 0, SeptState.BLOCKED, false).in(OpState.RUNNABLE)) {
            assertEquals(TdxStatus.of(TdxStatus.TLB_TRACKING_NOT_DONE, OperandId.SEPT_TREE),
                    stage.invoke("TDH.MEM.RANGE.UNBLOCK", 0, TD));
        }
    }

    // ---- accept and access ----------------------------------------------------------------------------------------------

    static void acceptBelowALargerPendingPageLeavesForTheHost() {
        try (Stage stage = running(1, SeptState.PENDING)) {
            stage.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0);
            assertEquals(1, stage.script.out("exit"));
            assertEquals(1, stage.script.out("err_level"));
        }
    }

    static void acceptZeroes() {
        try (Stage stage = running(0, SeptState.PENDING)) {
            stage.script.memory().putLong(stage.page() + 8, 42);
            stage.done("TDG.MEM.PAGE.ACCEPT", TD, 0);
            assertEquals(0, stage.script.memory().getLong(stage.page() + 8));
        }
    }

    static void acceptGoesOnWhereItWas() {
        try (Stage stage = running(1, SeptState.PENDING)) {
            stage.script.memory().putLong(stage.page(), 42);
            stage.invoke("TEST.SET_ACCEPT_COUNTER", TD, 0, 1);
            stage.done("TDG.MEM.PAGE.ACCEPT", TD, 1);
            assertEquals(42, stage.script.memory().getLong(stage.page()));
            assertEquals(SeptEntry.of(SeptState.MAPPED, stage.page()), stage.raw());
        }
    }

    static void anExportedPageIsDirtyOnceAccepted() {
        try (Stage stage = running(0, SeptState.PENDING_EXPORTED_DIRTY)) {
            stage.done("TDG.MEM.PAGE.ACCEPT", TD, 0);
            assertEquals(SeptState.EXPORTED_DIRTY, stage.state());
        }
    }

    static void theHostComesFirst() {
        try (Stage stage = running(0, SeptState.PENDING)) {
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 1);
            assertEquals(rcx(TdxStatus.OPERAND_BUSY), stage.invoke("TDH.MEM.RANGE.BLOCK", 0, TD));
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 0);
            assertEquals(rcx(TdxStatus.OPERAND_BUSY_HOST_PRIORITY), stage.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0));
        }
    }

    static void thereIsNoVirtualizationExceptionWhereItIsSwitchedOff() {
        try (Stage stage = new Stage(Attributes.SEPT_VE_DISABLE, 0, SeptState.PENDING, true)) {
            assertEquals(GuestLeaves.EXIT, stage.invoke("GUEST.ACCESS", TD, 0, WRITE));
            assertEquals(6, stage.script.out("eeq_type"));
        }
    }

    static void aSharedAddressIsNoOperand() {
        try (Stage stage = running(0, SeptState.FREE)) {
            assertEquals(rcx(TdxStatus.OPERAND_INVALID),
                    stage.invoke("TDH.MEM.PAGE.AUG", 1L << 47, TD, stage.page()));
        }
    }

    // ---- pages ----------------------------------------------------------------------------------------------------------

    static void aRemovedPageIsNobodys() {
        try (Stage stage = running(0, SeptState.BLOCKED)) {
            stage.invoke("STATE.INFO", TD);
            long children = stage.script.out("chldcnt");
            stage.done("TDH.MEM.PAGE.REMOVE", 0, TD);
            stage.done("TDH.PHYMEM.PAGE.RDMD", stage.page());
            assertEquals(0, stage.script.out("rcx"), "type");
            assertEquals(TD, stage.script.out("rdx"), "owner, stale");
            stage.invoke("STATE.INFO", TD);
            assertEquals(children - 1, stage.script.out("chldcnt"));
        }
    }

    static void aLargePageTakesAllBelowIt() {
        try (Stage stage = running(0, SeptState.MAPPED)) {
            assertEquals(TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.R8),
                    stage.invoke("TDH.MEM.PAGE.AUG", 1L << 21 | 1, TD, stage.page() & -(1L << 21)));
        }
    }

    static void aPageIsNotRelocatedToItself() {
        try (Stage stage = running(0, SeptState.BLOCKED)) {
            assertEquals(TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R8),
                    stage.invoke("TDH.MEM.PAGE.RELOCATE", 0, TD, stage.page()));
        }
    }

    static void onlyAlikePagesArePromoted() {
        try (Stage stage = running(1, SeptState.NL_BLOCKED)) {
            stage.populate(SeptState.MAPPED, 511);
            assertEquals(rcx(TdxStatus.EPT_INVALID_PROMOTE_CONDITIONS), stage.invoke("TDH.MEM.PAGE.PROMOTE", 1, TD));
            assertEquals(0, stage.script.memory().getLong(Stage.TABLE) & SeptEntry.LOCK, "a child stays locked");
        }
    }

    static void aLockedChildIsBusyAndRemembersTheHost() {
        try (Stage stage = new Stage(0, 1, SeptState.NL_MAPPED, true)) {
            stage.populate(SeptState.MAPPED, 512);
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 1);
            assertEquals(rcx(TdxStatus.OPERAND_BUSY), stage.invoke("TDH.MEM.PAGE.PROMOTE", 1, TD));
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 0);
            assertEquals(SeptEntry.HOST_PRIORITY, stage.script.out("raw") & SeptEntry.HOST_PRIORITY);
            assertEquals(0, stage.invoke("TDH.MEM.PAGE.PROMOTE", 1, TD));
            assertEquals(SeptEntry.of(SeptState.MAPPED, Stage.CHILDREN), stage.raw());
        }
    }

    static void aDemotedPageHasSmallOwners() {
        try (Stage stage = running(1, SeptState.BLOCKED)) {
            stage.done("TDH.MEM.PAGE.DEMOTE", 1, TD, Stage.NEW_TABLE);
            stage.done("TDH.PHYMEM.PAGE.RDMD", stage.page() + 0x1000);
            assertEquals(3, stage.script.out("rcx"), "type");
            assertEquals(0, stage.script.out("r8"), "level");
        }
    }

    static void aTableThatHoldsAPageStays() {
        try (Stage stage = running(1, SeptState.NL_BLOCKED)) {
            stage.populate(SeptState.PENDING, 1);
            assertEquals(rcx(TdxStatus.EPT_PAGE_NOT_FREE), stage.invoke("TDH.MEM.SEPT.REMOVE", 1, TD));
        }
    }

    static void onlyDebugTdsAreRead() {
        try (Stage stage = new Stage(0, 0, SeptState.MAPPED, true).in(OpState.RUNNABLE)) {
            assertEquals(TdxStatus.TD_NON_DEBUG, stage.invoke("TDH.MEM.RD", 0, TD));
        }
    }

    // ---- the TD ---------------------------------------------------------------------------------------------------------

    static void aTdWithoutItsKeyIsNotServed() {
        try (Script script = new Script()) {
            script.invoke("TDH.MNG.CREATE", TD, 33);
            assertEquals(TdxStatus.TD_KEYS_NOT_CONFIGURED, script.invoke("TDH.MEM.PAGE.AUG", 0, TD, TD + 0x1000));
        }
    }

    static void aTdWithoutVcpusIsNotFinal() {
        try (Stage stage = new Stage(0, 0, SeptState.FREE, true)) {
            stage.invoke("SETUP.NUM_VCPUS", TD, 0);
            assertEquals(TdxStatus.NO_VCPUS, stage.invoke("TDH.MR.FINALIZE", TD));
        }
    }

    static void pagesAreReclaimedInTeardownOnly() {
        try (Stage stage = running(0, SeptState.MAPPED)) {
            assertEquals(TdxStatus.LIFECYCLE_STATE_INCORRECT, stage.invoke("TDH.PHYMEM.PAGE.RECLAIM", stage.page()));
            stage.invoke("SETUP.LIFECYCLE_TEARDOWN", TD);
            assertEquals(TdxStatus.TD_ASSOCIATED_PAGES_EXIST, stage.invoke("TDH.PHYMEM.PAGE.RECLAIM", TD));
            assertEquals(0, stage.invoke("TDH.PHYMEM.PAGE.RECLAIM", stage.page()));
        }
    }

    static void keysAreFreeAfterTheCachesWereWrittenBack() {
        try (Stage stage = running(0, SeptState.FREE)) {
            stage.done("TDH.MNG.VPFLUSHDONE", TD);
            assertEquals(TdxStatus.WBCACHE_NOT_COMPLETE, stage.invoke("TDH.MNG.KEY.FREEID", TD));
        }
    }

    static void whatIsAddedIsMeasured() {
        try (Stage stage = new Stage(0, 0, SeptState.FREE, true)) {
            stage.done("TDH.MEM.PAGE.ADD", 0, TD, stage.page(), Script.SOURCE);
            stage.done("TDH.MR.EXTEND", 0, TD);
            MrtdStream expected = new MrtdStream();
            expected.add(0);
            expected.extend(0, new byte[256], 0);
            stage.invoke("STATE.MRTD", TD);
            assertArrayEquals(expected.digest(), stage.script.outBytes("mrtd"));
        }
    }

    // ---- migration ------------------------------------------------------------------------------------------------------

    static void aPageIsExportedWhenNobodyWritesItAnyMore() {
        try (Stage stage = new Stage(0, 0, SeptState.MAPPED, true).in(OpState.LIVE_EXPORT)) {
            long list = GpaList.operand(Stage.LIST, 0, 0);
            stage.script.memory().putLong(Stage.LIST, GpaList.answered(0, GpaList.MIGRATE, 0));
            stage.done("TDH.EXPORT.BLOCKW", list, TD);
            assertEquals(1, stage.invoke("TDH.EXPORT.MEM", list, TD));
            assertEquals(GpaList.TRACKING_NOT_DONE, GpaList.status(stage.script.memory().getLong(Stage.LIST)));
        }
    }
}
